import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "uvu";
import * as assert from "uvu/assert";
import { wavHeader } from "../../src/formats/wav-header.ts";
import { decodeFrame, encodeFrame } from "../../src/hostcall/core/user-stream/frame.ts";
import { ECHO, LISTENER } from "../helpers/core-user-guests.ts";
import { assemble, scratch } from "../helpers/guest.ts";
import { type SpearOptions, type SpearResult, spear, spearHere } from "../helpers/spear.ts";

/** `spear run` with guests that talk with their user: standard input and output as a stream, a recording as the microphone. */

const folder = scratch();
const echo = join(folder, "echo.wasm");
const listener = join(folder, "listener.wasm");
const config = join(folder, "quiet.toml");
await writeFile(echo, await assemble(ECHO));
await writeFile(listener, await assemble(LISTENER));
await writeFile(config, '[host]\nlog_level = "info"\n[backends.stub]\nkind = "stub"\n');

const run = (args: readonly string[], options: SpearOptions = {}): Promise<SpearResult> =>
	spear(["run", ...args, "--config", config], { cwd: folder, ...options });

test("standard input goes to a stream of the guest, what the guest writes there is the output, and the end of the input ends the session", async () => {
	const text = "hello\n".repeat(50_000);
	const { code, stdout, stderr } = await run([echo, "--stream", "3", "--stream-linger", "50ms"], { stdin: text });
	assert.is(stderr, "");
	assert.is(code, 0);
	assert.is(stdout, text);
});

test("--stream-frames passes whole frames of all streams", async () => {
	const frames = [1, 2, 1].map((streamId, index) => encodeFrame({ streamId, type: 1, meta: { index }, data: Buffer.from(`${index}`) }));
	const received: Buffer[] = [];
	const { code } = await run([echo, "--stream-frames", "--stream-linger", "50ms"], {
		stdin: Buffer.concat(frames),
		onStart: (child) => child.stdout?.on("data", (data: Buffer) => received.push(data)),
	});
	assert.is(code, 0);
	const bytes = Buffer.concat(received);
	const [length = 0] = frames.map((frame) => frame.byteLength);
	assert.is(bytes.byteLength, 3 * length);
	// The guest reads one stream after the other.
	const metas = [0, 1, 2].map((index) => JSON.stringify(decodeFrame(bytes.subarray(index * length, (index + 1) * length)).meta));
	assert.equal(metas.sort(), ['{"index":0}', '{"index":1}', '{"index":2}']);
});

test("bytes that are no frame end the session, and the command with 1", async () => {
	const { code, stderr } = await run([echo, "--stream-frames"], { stdin: "no frame, but more than 32 bytes of text" });
	assert.is(stderr, "spear: invalid_request: frame: its header is no header of a frame\n");
	assert.is(code, 1);
});

test("the session ends when the reader of the output goes", async () => {
	const { code } = await run([echo, "--stream", "1"], {
		keepStdinOpen: true,
		onStart(child) {
			child.stdin?.write("hello\n");
			child.stdout?.once("data", () => {
				child.stdout?.destroy();
				child.stdin?.write("more\n");
			});
		},
	});
	assert.is(code, 0);
});

test("Ctrl-C ends a guest that waits for its user", async () => {
	const { code, stderr } = await run([echo, "--stream", "1"], {
		keepStdinOpen: true,
		onStart(child) {
			child.stdin?.write("hello\n");
			child.stdout?.once("data", () => child.kill("SIGINT"));
		},
	});
	assert.is(code, 130);
	assert.match(stderr, /^spear: stopping/);
});

test("a recording is the microphone of the guest, and its end is the guest's", async () => {
	const loud = Buffer.alloc(1_920, 1);
	await writeFile(join(folder, "talk.wav"), Buffer.concat([wavHeader(2_880, 24_000), loud, Buffer.alloc(960)]));
	for (const [mic, stdin] of [
		["talk.wav", ""],
		["-", Buffer.concat([loud, Buffer.alloc(960)])],
	] as const) {
		const { code, stdout, stderr } = await run([listener, "--mic", mic], { stdin });
		const lines = stderr.split("\n").filter((line) => line !== "");
		assert.is(lines.map((line) => JSON.parse(line).msg).join(""), "..-");
		assert.is(stdout, "");
		assert.is(code, 0);
	}
});

test("recordings that cannot be heard and options that exclude each other are refused before the run", async () => {
	const refused = async (...args: string[]): Promise<string> => {
		const { code, stderr } = await spearHere(["run", listener, ...args, "--config", config]);
		assert.is(code, 2);
		return stderr;
	};
	const [absent, text] = [join(folder, "absent.wav"), join(folder, "text.wav")];
	await writeFile(text, "this is no recording at all");
	assert.is(await refused("--mic", absent), `spear: ${absent}: no such file\n`);
	assert.is(await refused("--mic", text), `spear: ${text}: it is no WAV file; --mic reads WAV files\n`);
	assert.is(await refused("--stream", "1", "--mic", "-"), "spear: --stream and --mic - exclude each other: both read standard input\n");
	assert.is(
		await refused("--stream", "1", "--stream-frames"),
		"spear: --stream and --stream-frames exclude each other: name one of them\n",
	);
	assert.match(await refused("--stream", "-1"), /a whole number from 0/);
	const { code, stdout } = await spearHere(["run", echo, "--stream", "1", "--json", "--config", config]);
	assert.equal([code, JSON.parse(stdout).error.code], [2, "invalid_request"]);
});

test.run();
