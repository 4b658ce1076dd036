/** `spear speak` and `spear transcribe` with the models of this machine. Skipped without the models or the engine. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { backendKinds } from "../../../generated/registry.ts";
import { findPackage } from "../../../src/cli/doctor/find-package.ts";
import { isInstalled } from "../../backends/protocols/local/real-models.ts";
import { scratch } from "../../helpers/guest.ts";
import { spearHere } from "../../helpers/spear.ts";

const TEXT = "I went to the woods because I wished to live deliberately.";

const installed = await Promise.all(["moonshine-tiny", "silero-vad", "flite"].map(isInstalled));
const engine = (await findPackage("sherpa-onnx-node")) ?? (await findPackage("sherpa-onnx"));
const hasKind = backendKinds.some(({ name }) => name === "local");
const check = hasKind && engine !== undefined && installed.every(Boolean) ? test : test.skip;

check("a text that is spoken is the text that is written down, whole and with times", async () => {
	const directory = await mkdtemp(join(scratch(), "real-"));
	const config = join(directory, "spear.toml");
	await writeFile(config, '[backends.here]\nkind = "local"\n');
	const wav = join(directory, "fox.wav");
	const spoken = await spearHere(["speak", TEXT, "--voice", "slt", "-o", wav, "-c", config, "--json"]);
	const { ok, mimeType, durationMs, backend } = JSON.parse(spoken.stdout);
	assert.equal([ok, mimeType, backend], [true, "audio/wav", "here"]);
	assert.ok(durationMs > 2000 && durationMs < 6000, String(durationMs));
	const plain = await spearHere(["transcribe", wav, "-c", config]);
	assert.equal([plain.code, plain.stdout, plain.stderr], [0, `${TEXT}\n`, ""]);
	const timed = await spearHere(["transcribe", wav, "-c", config, "--timestamps", "segment"]);
	assert.match(timed.stdout, /^\[0\.\d\d–\d\.\d\d\] I went to the woods because I wished to live deliberately\.\n$/);
});

check("a recording in a format that is not read is refused by name", async () => {
	const directory = await mkdtemp(join(scratch(), "real-"));
	const config = join(directory, "spear.toml");
	await writeFile(config, '[host]\nlog_level = "silent"\n[backends.here]\nkind = "local"\n');
	await writeFile(join(directory, "a.flac"), "fLaC and more bytes");
	const { code, stderr } = await spearHere(["transcribe", join(directory, "a.flac"), "-c", config]);
	assert.is(code, 1);
	assert.match(stderr, /^spear: invalid_request: audio: it is FLAC; /);
});

test.run();
