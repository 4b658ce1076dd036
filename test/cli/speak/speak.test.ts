/** `spear speak` as a user sees it: files, standard output, warnings, failures. */
import { existsSync, watch } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, readlink, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { suite } from "uvu";
import * as assert from "uvu/assert";
import { wavFacts } from "../../../src/formats/wav.ts";
import { UNKNOWN_LENGTH, wavHeader } from "../../../src/formats/wav-header.ts";
import { scratch } from "../../helpers/guest.ts";
import { answer, type Behaviour, OpenAiServer } from "../../helpers/openai-server.ts";
import { spear, spearHere } from "../../helpers/spear.ts";

const test = suite("spear speak");

const STUB_NOTICE =
	"spear: warning: stub has no model and made this up; configure a backend, or install the models and packages that spear doctor names\n";
const WAV_TYPE = { "content-type": "audio/wav" };

function folder(): Promise<string> {
	return mkdtemp(join(scratch(), "speak-"));
}

/** Runs a test with an empty folder as the working directory. */
async function within(run: (directory: string) => Promise<void>): Promise<void> {
	const before = process.cwd();
	const directory = await folder();
	process.chdir(directory);
	try {
		await run(directory);
	} finally {
		process.chdir(before);
	}
}

/** Writes a configuration with the backends. */
async function configFile(directory: string, backends: string): Promise<string> {
	const path = join(directory, "spear.toml");
	await writeFile(path, `[host]\nlog_level = "silent"\n[router]\nmax_attempts = 1\n${backends}`);
	return path;
}

/** Runs a test with a backend at a server that plays the script. */
async function against(script: readonly Behaviour[], run: (config: string, directory: string, server: OpenAiServer) => Promise<void>) {
	const server = await OpenAiServer.start(...script);
	const directory = await folder();
	const backend = `[backends.voice]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["tts-1"]\noperations = ["text_to_speech"]\n`;
	try {
		await run(await configFile(directory, backend), directory, server);
	} finally {
		await server.close();
	}
}

const withoutTime = (text: string): string => text.replace(/in \d+\.\d s\n/, "in T\n");

test("a text is spoken into a file whose extension names the format", async () => {
	const directory = await folder();
	const out = join(directory, "hello.wav");
	const { code, stdout, stderr } = await spearHere(["speak", "Hello there", "-o", out, "--voice", "stub-high"]);
	assert.equal([code, withoutTime(stdout), stderr], [0, `${out}  0.8 s, 25 kB, audio/wav, 16000 Hz  spoken by stub in T\n`, STUB_NOTICE]);
	const bytes = await readFile(out);
	assert.equal(wavFacts(bytes, bytes.length), { sampleRate: 16_000, seconds: 0.76 });
	assert.equal(await readdir(directory), ["hello.wav"]);
});

test("standard input is spoken if there is no text, and bounded", async () => {
	const directory = await folder();
	const { code, stdout } = await spear(["speak", "-o", "x.pcm", "--json"], { cwd: directory, stdin: "Hello there" });
	const { ms, ...rest } = JSON.parse(stdout);
	assert.type(ms, "number");
	const facts = { bytes: 24_320, mimeType: "audio/pcm", sampleRate: 16_000, durationMs: 760 };
	assert.equal([code, rest], [0, { ok: true, file: "x.pcm", ...facts, backend: "stub", downgrades: [] }]);
	const long = await spear(["speak", "-", "-o", "y.wav"], { cwd: directory, stdin: "x".repeat(1024 * 1024 + 1) });
	assert.equal([long.code, long.stderr], [2, "spear: standard input has more than 1048576 bytes; give a shorter text\n"]);
	assert.equal(await readdir(directory), ["x.pcm"]);
});

test("without `-o`, speech.wav is written once and never replaced; a named file is", () =>
	within(async (directory) => {
		assert.is((await spearHere(["speak", "a"])).code, 0);
		const first = await readFile(join(directory, "speech.wav"));
		const again = await spearHere(["speak", "longer"]);
		assert.equal(
			[again.code, again.stderr],
			[2, "spear: speech.wav cannot be written: it is there already; to replace it, say -o speech.wav\n"],
		);
		assert.equal(await readFile(join(directory, "speech.wav")), first);
		assert.is((await spearHere(["speak", "longer", "-o", "speech.wav"])).code, 0);
		assert.ok((await readFile(join(directory, "speech.wav"))).length > first.length);
		assert.equal(await readdir(directory), ["speech.wav"]);
	}));

test("`-o -` writes the audio to standard output, and the line about it to standard error", async () => {
	const { code, stdout, stderr } = await spearHere(["speak", "Hello", "-o", "-"]);
	assert.equal([code, stdout.slice(0, 4)], [0, "RIFF"]);
	assert.match(
		stderr,
		/^spear: warning: stub .*\nstandard output {2}0\.4 s, 13 kB, audio\/wav, 16000 Hz {2}spoken by stub in \d+\.\d s\n$/,
	);
	const both = await spearHere(["speak", "Hello", "-o", "-", "--json"]);
	assert.is(both.code, 2);
	assert.is(JSON.parse(both.stdout).error.message, "--json prints to standard output, and --out - writes the audio there; name a file");
});

test("a reader of standard output that closes the pipe is no failure", async () => {
	const { code, stderr } = await spear(["speak", "many words ".repeat(30), "-o", "-"], {
		onStart: (child) => child.stdout?.once("data", () => child.stdout?.destroy()),
	});
	assert.is(code, 0);
	assert.match(stderr, /spoken by stub in \d+\.\d s\n$/);
});

test("arguments that name no format, no folder or no pace are refused with what to do", async () => {
	const refused = async (...args: string[]) => {
		const { code, stderr } = await spearHere(["speak", "Hello", ...args]);
		assert.is(code, 2);
		return stderr.slice(0, stderr.indexOf("\n"));
	};
	const extensions = ".wav, .mp3, .pcm, .raw, .opus, .ogg, .flac, .aac";
	assert.is(await refused("-o", "a.m4a"), `spear: --out a.m4a: the extension .m4a names no format; use ${extensions}, or say --format`);
	assert.is(await refused("-o", "a"), `spear: --out a: the name has no extension that names a format; use ${extensions}, or say --format`);
	if (existsSync("/proc/self")) assert.match(await refused("-o", "/proc/spear.wav"), "/proc/spear.wav cannot be written: no such file");
	assert.match(await refused("-o", "/no/such/a.wav"), "cannot be written: the folder /no/such does not exist; create it first");
	assert.match(await refused("-o", scratch(), "--format", "wav"), "cannot be written: it is a directory; name a file in it");
	assert.match(await refused("--speed", "4.5"), "It must be a number from 0.25 to 4.");
	assert.match(await refused("--format", "midi"), "Allowed choices are wav, mp3, pcm, opus, flac, aac.");
});

test("a failure leaves the former file, and nothing half there", async () => {
	const directory = await folder();
	const out = join(directory, "kept.wav");
	await writeFile(out, "former");
	const { code, stdout, stderr } = await spearHere(["speak", "Hello", "-o", out, "--voice", "nope"]);
	assert.equal(
		[code, stdout, stderr],
		[1, "", 'spear: invalid_request: voice: the stub has no voice "nope"; it has stub-low and stub-high\n'],
	);
	assert.equal([await readdir(directory), await readFile(out, "utf8")], [["kept.wav"], "former"]);
});

test("an upstream that breaks off leaves nothing half there", () =>
	against([answer.cutOff(Buffer.alloc(5000, 1), { ...WAV_TYPE, "content-length": "9000" })], async (config, directory) => {
		const { code, stdout } = await spearHere(["speak", "Hello", "-c", config, "-o", join(directory, "x.wav"), "--json"]);
		const { ok, error } = JSON.parse(stdout);
		assert.equal([code, ok, error.code], [1, false, "backend_error"]);
		assert.equal(await readdir(directory), ["spear.toml"]);
	}));

test("options reach the upstream, and a WAV stream without a length gets one", () =>
	against(
		[answer.text(Buffer.concat([wavHeader(UNKNOWN_LENGTH, 24_000), Buffer.alloc(4800)]), WAV_TYPE)],
		async (config, directory, server) => {
			const out = join(directory, "x.wav");
			const options = ["--voice", "alloy", "--speed", "1.5", "--instructions", "Whisper.", "--model", "tts-1", "--backend", "voice"];
			const { code, stdout, stderr } = await spearHere(["speak", "Hello", "-c", config, "-o", out, ...options]);
			assert.equal([code, stderr], [0, ""]);
			assert.match(stdout, `${out}  0.1 s, 5 kB, audio/wav, 24000 Hz  spoken by voice in `);
			assert.equal(await readFile(out), Buffer.concat([wavHeader(4800, 24_000), Buffer.alloc(4800)]));
			const body = JSON.parse(server.requests[0]?.body ?? "");
			assert.equal(
				[body.input, body.voice, body.speed, body.instructions, body.model, body.response_format],
				["Hello", "alloy", 1.5, "Whisper.", "tts-1", "wav"],
			);
		},
	));

test("fields that a backend drops are warnings", async () => {
	const directory = await folder();
	const server = await OpenAiServer.start(answer.text(Buffer.from("ID3…"), { "content-type": "audio/mpeg" }));
	const backend = `[backends.voice]\nkind = "openai-compatible"\nbase_url = "${server.baseUrl}"\nmodels = ["tts-1"]\n`;
	const out = join(directory, "x.mp3");
	const { code, stderr } = await spearHere([
		"speak",
		"Hello",
		"-c",
		await configFile(directory, backend),
		"-o",
		out,
		"--language",
		"pt-BR",
	]);
	await server.close();
	assert.equal([code, await readFile(out, "utf8")], [0, "ID3…"]);
	assert.match(stderr, /^spear: warning: language: dropped, .+\n$/);
});

test("a backend that cannot stream answers whole", async () => {
	const directory = await folder();
	const config = await configFile(directory, '[backends.whole]\nkind = "stub"\ntransports = ["unary"]\n');
	const out = join(directory, "x.wav");
	const { code } = await spearHere(["speak", "Hello there", "-c", config, "-o", out]);
	const bytes = await readFile(out);
	assert.equal([code, wavFacts(bytes, bytes.length)], [0, { sampleRate: 16_000, seconds: 0.76 }]);
});

test("Ctrl-C in the middle leaves nothing behind", async () => {
	const directory = await folder();
	const out = join(directory, "out");
	await mkdir(out);
	const config = await configFile(directory, '[backends.slow]\nkind = "stub"\n[backends.slow.options]\ndelay_ms = 60000\n');
	const result = await spear(["speak", "one two", "-c", config, "-o", join(out, "x.wav")], {
		onStart: (child) => {
			// The file of the audio so far shows that the request is in flight.
			const watcher = watch(out, () => {
				watcher.close();
				child.kill("SIGINT");
			});
		},
	});
	assert.equal([result.code, result.stdout, result.stderr], [130, "", "spear: cancelled: interrupted by SIGINT\n"]);
	assert.equal(await readdir(out), []);
});

test("a link keeps leading to its file", async () => {
	const directory = await folder();
	await writeFile(join(directory, "real.wav"), "former");
	await symlink("real.wav", join(directory, "link.wav"));
	assert.is((await spearHere(["speak", "Hello", "-o", join(directory, "link.wav")])).code, 0);
	assert.equal(
		[await readlink(join(directory, "link.wav")), (await readFile(join(directory, "real.wav"), "latin1")).slice(0, 4)],
		["real.wav", "RIFF"],
	);
});

if (existsSync("/dev/full"))
	test("a device is written to, and a full one is reported", async () => {
		assert.is((await spearHere(["speak", "Hello", "-o", "/dev/null"])).code, 0);
		const { code, stderr } = await spearHere(["speak", "Hello", "-o", "/dev/full"]);
		assert.equal([code, stderr], [1, "spear: invalid_request: /dev/full cannot be written: no space is left\n"]);
	});

test("`--voices` lists the voices of all backends or of one", async () => {
	const all = await spearHere(["speak", "--voices"]);
	assert.equal(
		[all.code, all.stdout],
		[
			0,
			"stub-low   Stub, low     Not a voice: a low tone for each word.\nstub-high  Stub, high    Not a voice: a high tone for each word.\n",
		],
	);
	const one = await spearHere(["speak", "--voices", "--backend", "stub", "--json"]);
	assert.equal(
		JSON.parse(one.stdout).voices.map(({ id }: { id: string }) => id),
		["stub-low", "stub-high"],
	);
	const none = await spearHere(["speak", "--voices", "--backend", "other"]);
	assert.equal([none.code, none.stdout], [1, ""]);
	assert.match(none.stderr, "spear: no_candidate_backend: no backend can serve text_to_speech");
});

test.run();
