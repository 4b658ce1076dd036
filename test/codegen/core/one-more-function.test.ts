/** One edit of the description is all that a new hostcall of core modules takes, beside the method that the compiler asks for. */

import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { loweringEmitter } from "../../../codegen/emit/abi-component/lowering/index.ts";
import { witShapeEmitter } from "../../../codegen/emit/abi-component/wit-shape/index.ts";
import { coreEmitter } from "../../../codegen/emit/core/index.ts";
import { irEmitter } from "../../../codegen/emit/ir/index.ts";
import { checkCore } from "../../../codegen/lint/core/check-core.ts";
import { camelCase } from "../../../codegen/model/names/spelling.ts";
import { runCodegen } from "../../../codegen/pipeline.ts";
import { readWit } from "../../../codegen/wit/read.ts";
import { ROOT } from "../../helpers/guest.ts";

const FUNCTION = `
    /// Mutes the microphone, or ends that.
    ///
    /// @core-import mic_mute
    @since(version = 0.1.0)
    mute: func(mic: fd, muted: s32) -> result<_, errno>;
}
`;

const directory = mkdtempSync(join(tmpdir(), "spear-core-"));
const wit = join(directory, "wit");
test.after(() => rmSync(directory, { recursive: true }));

/** A host that implements each function of the description. */
async function implementation(): Promise<string> {
	const { model } = await readWit(join(wit, "spear-core"));
	const abi = model === undefined ? undefined : checkCore(model).abi;
	const members = abi?.interfaces.map(({ interface: { name, functions } }) => {
		const methods = functions.map((func) => `\t\t${camelCase(func.name)}: () => unwritten(),\n`);
		return `\t${camelCase(name)}: {\n${methods.join("")}\t},\n`;
	});
	return `import type { CoreCalls } from "./generated/hostcall/core/calls.ts";
function unwritten(): never {
	throw new Error("not written");
}
export const calls: CoreCalls = {
${members?.join("")}};
`;
}

async function generate(): Promise<readonly string[]> {
	const { diagnostics, written } = await runCodegen({
		witDir: wit,
		outDir: join(directory, "generated"),
		configFile: join(ROOT, "codegen/codegen.config.json"),
		mode: "write",
		emitters: [coreEmitter, irEmitter, loweringEmitter, witShapeEmitter],
		relativeTo: directory,
	});
	assert.equal(diagnostics, []);
	return written.updated;
}

function typeErrors(): string {
	writeFileSync(
		join(directory, "tsconfig.json"),
		JSON.stringify({ extends: join(ROOT, "tsconfig.json"), include: ["host.ts", "generated"] }),
	);
	return spawnSync(join(ROOT, "node_modules/.bin/tsc"), ["--noEmit", "--singleThreaded", "-p", "."], { cwd: directory, encoding: "utf8" })
		.stdout;
}

test("a function more is one edit of the description, and the compiler names the one method to write", async () => {
	cpSync(join(ROOT, "wit"), wit, { recursive: true });
	symlinkSync(join(ROOT, "node_modules"), join(directory, "node_modules"));
	writeFileSync(join(directory, "package.json"), '{ "type": "module" }');
	writeFileSync(join(directory, "host.ts"), await implementation());
	await generate();
	assert.is(typeErrors(), "");

	const file = join(wit, "spear-core/mic.wit");
	writeFileSync(file, readFileSync(file, "utf8").trimEnd().slice(0, -1) + FUNCTION);
	assert.equal(await generate(), [
		"wit/spear-core/abi.lock.json",
		"generated/abi/core/mic.ts",
		"generated/docs/core.md",
		"generated/guest/core/spear_core.h",
		"generated/hostcall/core/mic.ts",
		"generated/manifest.json",
	]);
	const errors = typeErrors().trim().split("\n");
	assert.match(
		errors[0] ?? "",
		/^host\.ts\(\d+,\d+\): error TS2741: Property 'mute' is missing in type '.*' but required in type 'Mic'\.$/,
	);
	assert.equal(errors.filter((line) => /error TS/.test(line)).length, 1, errors.join("\n"));
	const lock = readFileSync(join(wit, "spear-core/abi.lock.json"), "utf8");
	assert.match(lock, /"import spear\.mic_mute": \{\n\t\t\t"signature": "ii>i",/);
	assert.match(
		readFileSync(join(directory, "generated/guest/core/spear_core.h"), "utf8"),
		/int32_t spear_mic_mute\(spear_fd mic, int32_t muted\);/,
	);
});

test.run();
