/** The example `examples/core-agent`: its text form runs, and its command compiles the same guest. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parse } from "@bytecodealliance/jco";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { hasCompiler } from "../helpers/core-guests.ts";
import { ROOT, scratch } from "../helpers/guest.ts";
import { spear } from "../helpers/spear.ts";

const EXAMPLE = join(ROOT, "examples/core-agent");
const ANSWER = 'stub: tool said {"sku":"M6-20","onHand":480}';

/** Runs a guest with the configuration of the example. Returns the text of the answer that the guest logs. */
async function answerOf(guest: string): Promise<string> {
	const { code, stderr } = await spear(["run", guest, "--config", join(EXAMPLE, "spear.toml")]);
	assert.is(code, 0, stderr);
	const [line = ""] = stderr.split("\n").filter((each) => each.includes("chat.completion"));
	return JSON.parse(JSON.parse(line).msg).choices[0].message.content;
}

test("the text form of the example runs: the host calls its tool", async () => {
	const guest = join(scratch(), "core-agent.wasm");
	writeFileSync(guest, await parse(readFileSync(join(EXAMPLE, "core-agent.wat"), "utf8")));
	assert.is(await answerOf(guest), ANSWER);
});

const compile = (await hasCompiler()) ? test : test.skip;
compile("the command of the example's page compiles a guest that does the same", async () => {
	const page = readFileSync(join(EXAMPLE, "README.md"), "utf8");
	const guest = join(scratch(), "core-agent-compiled.wasm");
	const [program = "", ...args] = (/^clang .*$/m.exec(page)?.[0] ?? "").replace("core-agent.wasm", guest).split(" ");
	await promisify(execFile)(program, args, { cwd: EXAMPLE });
	assert.is(await answerOf(guest), ANSWER);
});

test.run();
