import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ReadVariable } from "../../src/backends/backend.ts";
import { defineBackend } from "../../src/backends/define-backend.ts";
import { valueDocument } from "../../src/config/document.ts";
import { readConfig } from "../../src/config/read-config.ts";
import { BackendSet } from "../../src/host/backend-set.ts";
import { SecretSources } from "../../src/host/secret-sources.ts";

test("a variable that a backend reads is a secret from then on, with its present value", () => {
	let read: ReadVariable | undefined;
	const kind = defineBackend({
		name: "reader",
		create: (_config, _network, variable) => {
			read = variable;
			return { operations: {} };
		},
	});
	const env: Record<string, string> = { TOKEN: " first \n" };
	const backends = new BackendSet(new SecretSources(env), Math.random);
	backends.prepare(readConfig(valueDocument({ backends: { one: { kind: "reader" } } }, "x"), { enabled: [kind], disabled: [] })).commit();
	assert.equal([...backends.secrets()], []);
	assert.is(read?.("TOKEN"), "first");
	assert.equal([...backends.secrets()], ["first"]);
	env.TOKEN = "second";
	assert.equal([...backends.secrets()], ["second"]);
	assert.is(read?.("ABSENT"), undefined);
});

test.run();
