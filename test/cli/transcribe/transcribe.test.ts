/** `spear transcribe` of whole recordings, as a user sees it. */
import { mkdtemp, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { wavHeader } from "../../../src/formats/wav-header.ts";
import { scratch } from "../../helpers/guest.ts";
import { answer, type Behaviour, OpenAiServer } from "../../helpers/openai-server.ts";
import { spear, spearHere } from "../../helpers/spear.ts";

const test = suite("spear transcribe");

const STUB_NOTICE =
	"spear: warning: stub has no model and made this up; configure a backend, or install the models and packages that spear doctor names\n";
const SECOND = Buffer.concat([wavHeader(32_000, 16_000), Buffer.alloc(32_000)]);

async function recording(bytes: Uint8Array = SECOND): Promise<string> {
	const path = join(await mkdtemp(join(scratch(), "transcribe-")), "a.wav");
	await writeFile(path, bytes);
	return path;
}

/** Runs a test with a backend at a server that plays the script. */
async function against(script: readonly Behaviour[], run: (config: string, server: OpenAiServer) => Promise<void>): Promise<void> {
	const server = await OpenAiServer.start(...script);
	const config = join(await mkdtemp(join(scratch(), "transcribe-")), "spear.toml");
	const backend = `[backends.ears]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["whisper-1"]\n`;
	await writeFile(config, `[host]\nlog_level = "silent"\n[router]\nmax_attempts = 1\n${backend}`);
	try {
		await run(config, server);
	} finally {
		await server.close();
	}
}

test("the text of a file is printed", async () => {
	const { code, stdout, stderr } = await spearHere(["transcribe", await recording()]);
	assert.equal([code, stdout, stderr], [0, "stub transcript of 32044 bytes of audio/wav, 1.0 seconds\n", STUB_NOTICE]);
});

test("`--json` prints the whole transcript with its backend", async () => {
	const { code, stdout } = await spearHere(["transcribe", await recording(), "--json"]);
	const text = "stub transcript of 32044 bytes of audio/wav, 1.0 seconds";
	assert.equal([code, JSON.parse(stdout)], [0, { ok: true, text, duration: 1, segments: [], words: [], backend: "stub" }]);
});

test("standard input is read for `-`", async () => {
	const { code, stdout } = await spear(["transcribe", "-"], { stdin: SECOND });
	assert.equal([code, stdout], [0, "stub transcript of 32044 bytes of audio/wav, 1.0 seconds\n"]);
});

test("a file that is missing, empty or a directory is refused by name", async () => {
	const refused = async (path: string): Promise<unknown> => {
		const { code, stdout, stderr } = await spearHere(["transcribe", path]);
		return [code, stdout, stderr];
	};
	const empty = await recording(new Uint8Array(0));
	assert.equal(await refused("no-such.wav"), [2, "", "spear: no-such.wav: no such file\n"]);
	assert.equal(await refused(empty), [2, "", `spear: ${empty} is empty; give a recording\n`]);
	assert.equal(await refused(scratch()), [2, "", `spear: ${scratch()}: it is a directory\n`]);
});

test("options reach the upstream, and times are printed as lines", () => {
	const segments = [
		{ id: 0, start: 0, end: 3.2, text: " Good day." },
		{ id: 1, start: 3.5, end: 4.25, text: " Bye." },
	];
	return against([answer.json({ text: "Good day. Bye.", language: "english", duration: 4.5, segments })], async (config, server) => {
		const options = ["--timestamps", "segment", "--language", "en", "--prompt", "Hello.", "--backend", "ears"];
		const { code, stdout, stderr } = await spearHere(["transcribe", await recording(), "-c", config, ...options]);
		assert.equal([code, stdout, stderr], [0, "[0.00–3.20] Good day.\n[3.50–4.25] Bye.\n", ""]);
		const body = server.requests[0]?.body ?? "";
		for (const part of ['name="language"\r\n\r\nen\r\n', 'name="prompt"\r\n\r\nHello.\r\n', "segment", "audio/wav"])
			assert.ok(body.includes(part), part);
	});
});

test("features that no backend has, and units that do not exist, are refused", async () => {
	const path = await recording();
	const lacking = await spearHere(["transcribe", path, "--timestamps", "word"]);
	assert.equal(
		[lacking.code, lacking.stderr],
		[1, "spear: missing_capabilities: no backend for speech_to_text offers supports_timestamps\n"],
	);
	const wrong = await spearHere(["transcribe", path, "--timestamps", "line"]);
	assert.is(wrong.code, 2);
	assert.match(wrong.stderr, "It must be segment, word or both, joined by a comma.");
});

test("a refusal of the upstream is printed with its code", () =>
	against([answer.status(400, { error: { message: "Unrecognized file format." } })], async (config) => {
		const { code, stdout } = await spearHere(["transcribe", await recording(), "-c", config, "--json"]);
		const { ok, error } = JSON.parse(stdout);
		assert.equal([code, ok, error.code], [1, false, "invalid_request"]);
		assert.match(error.message, "Unrecognized file format.");
	}));

test("control characters of a transcript are escaped", () =>
	against([answer.json({ text: "\u001b[31mred" })], async (config) => {
		const { stdout } = await spearHere(["transcribe", await recording(), "-c", config]);
		assert.is(stdout, "\\x1b[31mred\n");
	}));

test.run();
