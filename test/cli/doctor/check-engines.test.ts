import { test } from "uvu";
import * as assert from "uvu/assert";
import { checkEngines } from "../../../src/cli/doctor/check-engines.ts";
import type { DoctorCheck } from "../../../src/cli/doctor/doctor-check.ts";
import { FEATURES } from "../../../src/cli/doctor/features.ts";
import { packageManifest } from "../../../src/packages/package-manifest.ts";

const RANGES = new Map([
	["sherpa-onnx-node", "^1.13.8"],
	["sherpa-onnx", "^1.13.8"],
	["esbuild", ">=0.25.0"],
	["componentize-qjs", "^0.4.5"],
	["@bytecodealliance/jco-transpile", "0.14.0"],
]);
const NATIVE = `sherpa-onnx-${process.platform === "win32" ? "win" : process.platform}-${process.arch}`;

/** Returns the check of a feature with these packages installed. */
async function check(feature: string, installed: Readonly<Record<string, string>>): Promise<DoctorCheck | undefined> {
	const checks = await checkEngines(async (name) => installed[name], RANGES);
	return checks.find(({ name }) => name === feature);
}

test("a missing engine is a warning with the command that installs it", async () => {
	assert.equal(await check("speech recognition", {}), {
		area: "engine",
		name: "speech recognition",
		status: "warning",
		message: "sherpa-onnx-node or sherpa-onnx not installed",
		remedy: "npm install sherpa-onnx-node@1.13.8",
	});
	assert.equal(await check("guests, QuickJS", { "componentize-qjs": "0.4.6" }), {
		area: "engine",
		name: "guests, QuickJS",
		status: "warning",
		message: "esbuild not installed",
		remedy: "npm install esbuild",
	});
});

test("a missing package of a rare feature is none", async () => {
	const rare = await check("keys of AWS and S3", {});
	assert.equal([rare?.status, rare?.remedy], ["ok", "npm install @smithy/signature-v4"]);
});

test("one way to serve a feature is enough", async () => {
	const native = await check("speech recognition", { "sherpa-onnx-node": "1.13.8", [NATIVE]: "1.13.8" });
	assert.equal([native?.status, native?.message], ["ok", "sherpa-onnx-node 1.13.8"]);
	const wasm = await check("speech recognition", { "sherpa-onnx": "1.14.0", "sherpa-onnx-node": "1.13.8" });
	assert.equal([wasm?.status, wasm?.message], ["ok", "sherpa-onnx 1.14.0"]);
});

test("a package without its native code is a warning, and the one in WebAssembly its remedy", async () => {
	const found = await check("speech recognition", { "sherpa-onnx-node": "1.13.8" });
	assert.equal(
		[found?.status, found?.message, found?.remedy],
		["warning", `sherpa-onnx-node is installed without its native code for this machine, ${NATIVE}`, "npm install sherpa-onnx@1.13.8"],
	);
});

test("each optional package of this one belongs to a feature", () => {
	const checked = FEATURES.flatMap(({ ways }) => ways.flatMap(({ packages }) => packages));
	const { peers } = packageManifest();
	assert.ok(peers.size > 5);
	assert.equal(
		[...peers.keys()].filter((name) => !checked.includes(name)),
		[],
	);
});

test("another version is a warning with the version that works", async () => {
	const found = await check("guest engine jco", { "@bytecodealliance/jco-transpile": "0.15.0" });
	assert.equal(
		[found?.status, found?.message, found?.remedy],
		[
			"warning",
			"@bytecodealliance/jco-transpile 0.15.0, but this release works with @bytecodealliance/jco-transpile 0.14.0",
			"npm install @bytecodealliance/jco-transpile@0.14.0",
		],
	);
});

test.run();
