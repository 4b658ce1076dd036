/** Cost of reading bytes from outside, in the size of the input. Each row is a parser with the input that is worst for it. */
import { test } from "uvu";
import * as assert from "uvu/assert";
import { LineBuffer } from "../../src/abi/component/wasi/line-buffer.ts";
import { spelledCall } from "../../src/backends/kinds/stub/spelled-call.ts";
import { countWords, words } from "../../src/backends/kinds/stub/words.ts";
import { JsonSource } from "../../src/backends/kit/json/source.ts";
import { ServerEvent } from "../../src/backends/protocols/openai/rt/event.ts";
import { essenceOf, isMediaType } from "../../src/formats/media-type.ts";
import { createLog } from "../../src/hostcall/log.ts";
import { sniffMediaType } from "../../src/media/sniff.ts";
import { ssmlFault } from "../../src/normalize/ssml.ts";
import { guestText } from "../../src/redaction/guest-text.ts";
import { createUpstreamRedactor } from "../../src/redaction/upstream-redactor.ts";
import { exchangeOf } from "../../src/transport/http/exchange.ts";
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
	{ name: "redaction of masked keys", make: text("**a"), run: (value: string) => redact(value) },
	{ name: "redaction of words", make: text("a"), run: (value: string) => redact(value) },
	{ name: "text for a guest", make: text("a://"), run: (value: string) => guestText(value, exchange) },
	{ name: "retry-after", make: text(" GMT", "Mon, "), run: (value: string) => retryAfterMs({ "retry-after": value }) },
	{ name: "media type", make: text("a;"), run: (value: string) => [essenceOf(value), isMediaType(value)] },
	{ name: "sniffed JSON", make: text(" ", "["), run: (value: string) => sniffMediaType(Buffer.from(value), true) },
	{ name: "event stream in small chunks", make: text("a", "data: "), run: pushAll(16) },
	{ name: "event stream of short lines", make: text("data: a\n"), run: pushAll(1 << 16) },
	{
		name: "output of a guest",
		make: text("a"),
		run: (value: string) => new LineBuffer(() => {}).write(Buffer.from(value)),
		from: 1 << 18,
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
