/** Cost of reading bytes from outside, in the size of the input. Each row is a parser with the input that is worst for it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LineBuffer } from "../../src/abi/output/line-buffer.ts";
import { spelledCall } from "../../src/backends/kinds/stub/spelled-call.ts";
import { countWords, words } from "../../src/backends/kinds/stub/words.ts";
import { JsonSource } from "../../src/backends/kit/json/source.ts";
import { ServerEvent } from "../../src/backends/protocols/openai/rt/event.ts";
import { guestName } from "../../src/errors/guest-name.ts";
import { imageHeader } from "../../src/formats/image-header.ts";
import { essenceOf, isMediaType } from "../../src/formats/media-type.ts";
import { printable } from "../../src/formats/printable.ts";
import { Resampler } from "../../src/formats/resampler.ts";
import { WavMeter } from "../../src/formats/wav.ts";
import { WavReader } from "../../src/formats/wav-reader.ts";
import { createLog } from "../../src/hostcall/log.ts";
import { parseTraceparent } from "../../src/identity/trace-context.ts";
import { addressKind } from "../../src/media/addresses.ts";
import { readAll } from "../../src/media/content.ts";
import { objectIdOf } from "../../src/media/reference.ts";
import { sniffMediaType } from "../../src/media/sniff.ts";
import { UrlPolicy } from "../../src/media/url-policy.ts";
import { resolveModel } from "../../src/models/resolve-model.ts";
import { ssmlFault } from "../../src/normalize/ssml.ts";
import { guestText } from "../../src/redaction/guest-text.ts";
import { createUpstreamRedactor } from "../../src/redaction/upstream-redactor.ts";
import { collect } from "../../src/transport/http/event-stream.ts";
import { exchangeOf } from "../../src/transport/http/exchange.ts";
import { readFailureBody } from "../../src/transport/http/failure-body.ts";
import { peekText } from "../../src/transport/http/peek-text.ts";
import { retryAfterMs } from "../../src/transport/http/retry-after.ts";
import { EventStreamDecoder } from "../../src/transport/http/sse.ts";
import { assertLinear, type GrowthCase } from "../helpers/growth.ts";
import { scriptedScope } from "../helpers/guest-scope.ts";

const exchange = exchangeOf("GET", new URL("http://upstream.example/v1"), { secret: "sk-secret-0123456789" });
const redact = createUpstreamRedactor(["sk-secret-0123456789"]);
const SPACE = "\u2003"; // White space for regular expressions, and a character of a name for XML.
const text =
	(unit: string, before = "", after = "") =>
	(size: number): string =>
		before + unit.repeat(size / unit.length) + after;
const ssml = (run: string): string | undefined => ssmlFault(run);
const pushAll = (chunk: number) => (body: string) => {
	const decoder = new EventStreamDecoder(1 << 26);
	const bytes = Buffer.from(body);
	for (let at = 0; at < bytes.length; at += chunk) decoder.push(bytes.subarray(at, at + chunk));
	return decoder.end();
};

const policy = new UrlPolicy({ allowedHosts: ["*.example.com"], allowPrivateAddresses: true });

/** Returns the beginning of a WAV file: `size` empty chunks. */
function wavOf(size: number): Buffer {
	return Buffer.concat([Buffer.from("RIFF\0\0\0\0WAVE", "latin1"), Buffer.alloc(8 * size, "junk\0\0\0\0", "latin1")]);
}

async function* streamOf(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array, void, void> {
	yield* chunks;
}

function byteByByte(bytes: Buffer): Uint8Array[] {
	return Array.from(bytes, (byte) => Uint8Array.of(byte));
}

const CASES: readonly GrowthCase[] = [
	{ name: "spelled call without an end", make: text("call a {"), run: (value: string) => spelledCall(value, [{ name: "a" }]) },
	{ name: "spelled calls with ends", make: text("call a {}"), run: (value: string) => spelledCall(value, [{ name: "a" }]) },
	{ name: "words", make: text(" ", "a"), run: (value: string) => [words(value), countWords(value)] },
	{
		name: "base64 of realtime audio",
		make: text("=", "", "A"),
		run: (value: string) => ServerEvent.parse(JSON.stringify({ type: "x", delta: value }), exchange).bytes("delta"),
	},
	{ name: "SSML attribute", make: text(SPACE, "<speak "), run: ssml },
	{ name: "SSML end tag", make: text(SPACE, "<speak></speak"), run: ssml },
	{ name: "SSML processing instruction", make: text(SPACE, "<?a"), run: ssml },
	{ name: "SSML comment", make: text("-", "<speak><!--"), run: ssml },
	{ name: "SSML open elements", make: text("<a>", "<speak>"), run: ssml },
	{ name: "SSML references", make: text("&#", "<speak>"), run: ssml },
	{
		name: "JSON source, open strings",
		make: text('\\"', '{"a":"', '"}'),
		run: (value: string) => new JsonSource(value).member("a")?.toString(),
	},
	{ name: "redaction of masked keys", make: text("**a"), run: (value: string) => redact(value), from: 1 << 13 },
	{ name: "redaction of words", make: text("a"), run: (value: string) => redact(value), from: 1 << 13 },
	{ name: "redaction of percent-encoding", make: text("%25"), run: (value: string) => redact(value), from: 1 << 13 },
	{ name: "redaction of entities", make: text("&#x"), run: (value: string) => redact(value), from: 1 << 13 },
	{ name: "redaction of backslashes", make: text("\\"), run: (value: string) => redact(value), from: 1 << 13 },
	{ name: "redaction of beginnings of a key", make: text("sk-secret-"), run: (value: string) => redact(value), from: 1 << 13 },
	{ name: "text for a guest", make: text("a://"), run: (value: string) => guestText(value, exchange) },
	{ name: "retry-after", make: text(" GMT", "Mon, "), run: (value: string) => retryAfterMs({ "retry-after": value }) },
	{ name: "media type", make: text("a;"), run: (value: string) => [essenceOf(value), isMediaType(value)] },
	{ name: "sniffed JSON", make: text(" ", "["), run: (value: string) => sniffMediaType(Buffer.from(value), true) },
	{
		name: "WAV header, byte by byte",
		make: (size) => byteByByte(wavOf(size)),
		run: (chunks: Uint8Array[]) => {
			const meter = new WavMeter();
			for (const chunk of chunks) meter.add(chunk);
			return meter.facts();
		},
		from: 1 << 8,
		to: 1 << 9,
	},
	{
		name: "samples of a WAV file, byte by byte",
		make: (size) => byteByByte(wavOf(size)),
		run: (chunks: Uint8Array[]) => {
			const reader = new WavReader();
			for (const chunk of chunks) reader.add(chunk);
			reader.end();
		},
		to: 1 << 12,
	},
	{
		name: "sound in another rate",
		make: (size) => new Float32Array(size),
		run: (samples: Float32Array) => new Resampler(44_100, 16_000).add(samples),
	},
	{
		name: "JPEG of fill bytes",
		make: (size) => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(size, 0xff)]),
		run: (bytes: Buffer) => imageHeader(bytes),
	},
	{
		name: "JPEG of empty segments",
		make: (size) => Buffer.concat([Buffer.from([0xff, 0xd8]), Buffer.alloc(4 * size, Buffer.from([0xff, 0xe0, 0, 2]))]),
		run: (bytes: Buffer) => imageHeader(bytes),
	},
	{ name: "AVIF without a size", make: text("isp", "0000ftypavif"), run: (value: string) => imageHeader(Buffer.from(value, "latin1")) },
	{
		name: "content of small chunks",
		make: (size) => Array.from({ length: size }, () => new Uint8Array(16)),
		run: (chunks: Uint8Array[]) => readAll(streamOf(chunks), undefined, 1 << 26),
		from: 1 << 11,
	},
	{
		name: "text answer of spaces, byte by byte",
		make: (size) => byteByByte(Buffer.alloc(size, " ")),
		run: async (chunks: Uint8Array[]) => collect((await peekText(streamOf(chunks))).chunks),
	},
	{
		name: "body of a failure, byte by byte",
		make: (size) => byteByByte(Buffer.alloc(size)),
		run: (chunks: Uint8Array[]) => readFailureBody(streamOf(chunks)),
		to: 1 << 12,
	},
	{ name: "URL of a guest", make: text("a.", "http://", "example.com/"), run: (value: string) => policy.admit(value, "url") },
	{ name: "address with a zone", make: text("%", "fe80::1"), run: (value: string) => addressKind(value) },
	{ name: "media reference", make: text("0", "sms+file://"), run: (value: string) => objectIdOf(value, "reference") },
	{
		name: "model name",
		make: text("a-"),
		run: (value: string) => resolveModel([{ name: "b" }, { name: "c", aliases: ["d"] }, { name: "a-*-a" }], value),
	},
	{ name: "trace context", make: text("-", `00-${"1".repeat(32)}-${"1".repeat(16)}-01`), run: (value: string) => parseTraceparent(value) },
	{ name: "name in a message", make: text("\u202e"), run: (value: string) => guestName(value) },
	{ name: "output of a guest on a terminal", make: text("\u001b["), run: (value: string) => printable(value) },
	{ name: "event stream in small chunks", make: text("a", "data: "), run: pushAll(16) },
	{ name: "event stream of short lines", make: text("data: a\n"), run: pushAll(1 << 16) },
	{
		name: "output of a guest",
		make: text("a"),
		run: (value: string) => new LineBuffer(() => {}).write(Buffer.from(value)),
		from: 1 << 21,
		to: 1 << 22,
	},
	{
		name: "a log line",
		make: text("é"),
		run: (value: string) => createLog(scriptedScope([])).log("info", value, []),
	},
];

for (const each of CASES) test(`${each.name}: the cost grows linearly`, () => assertLinear(each));

test("a log line far beyond the limit costs no more than the limit", () => {
	const scope = scriptedScope([], { maxLogBytes: 16 });
	createLog(scope).log("info", "\u{1f600}".repeat(1000), []);
	createLog(scope).log("info", "\ufffd".repeat(2), []);
	assert.equal(
		scope.logged.map(({ message }) => message),
		["\u{1f600}… (cut)", "\ufffd\ufffd"],
	);
});

test.run();
