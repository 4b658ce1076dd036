import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { buildTestGuest, scratch } from "../helpers/guest.ts";
import { spearHere } from "../helpers/spear.ts";

const SOURCES = {
	library: `import { agent } from "spear-hostcall/guest";
import { chat } from "spear-hostcall/guest/chat";

const ask = (input: string): string => chat({ params: { temperature: -5 } as never }).ask(input).text;
export const run = agent((input) => ask(input));
`,
	raw: `import { Session } from "spear:ai/cchat";

const open = () => Session.open({ messages: [], tools: [], params: { temperature: -5 } } as never, null as never);
export const run = () => String(open().send());
`,
	caught: `import { Session } from "spear:ai/cchat";

export const run = () => {
	try {
		Session.open({ messages: [], tools: [], params: { temperature: -5 } } as never, null as never).send();
	} catch (error) {
		console.log(error);
		return \`\${error}\`;
	}
	return "";
};
`,
	asynchronous: `import { Session } from "spear:ai/cchat";

export async function run(): Promise<string> {
	await null;
	return String(Session.open({ messages: [], tools: [], params: { temperature: -5 } } as never, null as never).send());
}
`,
};

const config = join(scratch(), "failures.toml");
await writeFile(config, '[host]\nlog_level = "silent"\n[backends.stub]\nkind = "stub"\n');

for (const kind of ["library", "raw", "asynchronous"] as const)
	test(`a hostcall's error that a guest does not catch is printed with code, message, hostcall and the guest's stack: ${kind}`, async () => {
		const { prepared } = await buildTestGuest(SOURCES[kind]);
		const { code, stderr } = await spearHere(["run", prepared, "--config", config, "-i", "hi"]);
		assert.is(code, 1);
		assert.match(stderr, /^spear: invalid_request: params\.temperature: must be >= 0 \(chat_completions\)\n( {4}at [^\n]+\n)+$/);
		assert.match(stderr, /guest\.ts:\d+:\d+\)/);
		assert.not.match(stderr, "[object Object]");
		assert.not.match(stderr, "user.js");
		const { error } = JSON.parse((await spearHere(["run", prepared, "--config", config, "-i", "hi", "--json"])).stdout);
		assert.is(error.code, "invalid_request");
		assert.is(error.message, "params.temperature: must be >= 0");
		assert.is(error.operation, "chat_completions");
		assert.ok(
			error.stack.some((frame: string) => /^at .*guest\.ts:\d+:\d+\)$/.test(frame)),
			error.stack.join("\n"),
		);
	});

test("a hostcall's error that a guest catches reads as its code and message", async () => {
	const { prepared } = await buildTestGuest(SOURCES.caught);
	const { stdout } = await spearHere(["run", prepared, "--config", config, "-i", "hi"]);
	assert.is(stdout.trim(), "HostcallError [invalid-request]: params.temperature: must be >= 0");
});

test.run();
