import { test } from "uvu";
import * as assert from "uvu/assert";
import { welcome } from "../../../src/cli/serve/welcome.ts";
import { served } from "../../helpers/served.ts";

const AT = { url: "http://127.0.0.1:1", host: "127.0.0.1", port: 1 };

test("the first lines of the server tell a missing admin key from one that is not configured", async () => {
	const without = await served({});
	assert.match(welcome(AT, without.host.serving()), /operator's page \(off: set admin_key_env in \[server\]\)$/m);
	await without.close();
	const missing = await served({ server: { admin_key_env: "ABSENT" } });
	assert.match(welcome(AT, missing.host.serving()), /operator's page \(off: its key is missing, see the log\)$/m);
	await missing.close();
});

test("the first lines of the server are aligned", async () => {
	const at = await served(
		{ agents: { "an-agent-with-a-name": { component: "/absent.wasm" } }, server: { admin_key_env: "KEY" } },
		{ KEY: "k".repeat(16) },
	);
	const lines = welcome(AT, at.host.serving()).split("\n");
	assert.equal(lines, [
		"spear serves at http://127.0.0.1:1",
		"",
		"  http://127.0.0.1:1/v1                               OpenAI-compatible API",
		"  http://127.0.0.1:1/agents/an-agent-with-a-name/run  agent",
		"  http://127.0.0.1:1/                                 operator's page",
		"",
	]);
	await at.close();
});

test.run();
