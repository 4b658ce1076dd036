import { test } from "uvu";
import * as assert from "uvu/assert";
import { demandedFeatures } from "../../generated/ir/operations.ts";
import type * as tts from "../../generated/ir/tts.ts";
import { SpearError } from "../../src/errors/spear-error.ts";
import { normalizeTts } from "../../src/normalize/tts.ts";

function outcomeOf(input: tts.Input, more: Partial<tts.Request> = {}): string {
	try {
		normalizeTts({ input, ...more });
	} catch (error) {
		if (error instanceof SpearError && error.code === "invalid_request") return error.message;
		throw error;
	}
	return "accepted";
}

const ssml = (document: string): string => outcomeOf({ type: "ssml", ssml: document });
const fault = (problem: string, line = 1): string => `input.ssml: is not well-formed SSML: ${problem} (line ${line})`;

test("an absent format stays absent, so that a backend without the default can say so", () => {
	const input: tts.Input = { type: "text", text: "Hi" };
	assert.equal(normalizeTts({ input }), { input });
	assert.equal(normalizeTts({ input, format: "wav", voice: "ash", speed: 2 }), { input, format: "wav", voice: "ash", speed: 2 });
});

test("a synthesis is refused when its text or its voice is empty", () => {
	assert.is(outcomeOf({ type: "text", text: "" }), "input.text: is empty; provide text to speak");
	assert.is(outcomeOf({ type: "text", text: " \n" }), "input.text: is empty; provide text to speak");
	assert.match(outcomeOf({ type: "text", text: "Hi" }, { voice: "" }), "voice: is empty; omit it");
});

test("a synthesis of SSML requires a backend that supports SSML", () => {
	const features = demandedFeatures.text_to_speech({ input: { type: "ssml", ssml: "<speak/>" }, speed: 2 });
	assert.equal([...features].sort(), ["supports_speed", "supports_ssml"]);
});

test("a well-formed document with the root speak is accepted", () => {
	for (const document of [
		"<speak/>",
		"<speak>Hi</speak>",
		'<?xml version="1.0"?>\n<!-- greeting -->\n<speak version="1.1" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">\n<p>Tom &amp; &#74;erry <break time=\'1s\'/> <![CDATA[a < b & c]]></p><?mark here?>\n</speak >\n<!-- end -->\n',
		'<speak><sub alias="a > b">ü</sub><Äußerung_1/></speak>',
		"<?xml version='1.1' encoding='UTF-8' standalone=\"yes\" ?><speak>&#9;&#x1F600;</speak>",
	])
		assert.is(ssml(document), "accepted");
});

test("a malformed document is refused with the line of its fault", () => {
	const cases: readonly (readonly [document: string, problem: string, line?: number])[] = [
		["", "an SSML document begins with its root element <speak>"],
		["Hello", "an SSML document begins with its root element <speak>"],
		["<p>Hi</p>", "the root element of an SSML document is <speak>, not <p>"],
		["<speak>", "<speak> is never closed"],
		["<speak>\n<p>Hi</speak>", "</speak> closes <p>", 2],
		["<speak><p></speak></p>", "</speak> closes <p>"],
		["<speak>Hi</speak>!", "nothing may follow </speak>"],
		["<speak/><speak/>", "nothing may follow </speak>"],
		["<speak>Tom & Jerry</speak>", "an & begins neither a predefined entity nor a character reference; write &amp;"],
		["<speak>&nbsp;</speak>", "an & begins neither a predefined entity nor a character reference; write &amp;"],
		['<speak a="1" a="2"/>', "<speak> has the attribute a twice"],
		["<speak a=1/>", "the tag <speak> is malformed"],
		['<speak a="<"/>', "the tag <speak> is malformed"],
		["<speak>1 < 2</speak>", "malformed XML"],
		["<speak>a]]>b</speak>", "]]> is not allowed in text"],
		["<speak><!-- a -- b --></speak>", "-- is not allowed in a comment"],
		["<speak><!-- a</speak>", "malformed XML"],
		["<speak>&#0;</speak>", "&#0; refers to a character that XML does not allow"],
		["<speak a='&#xD800;'/>", "&#xD800; refers to a character that XML does not allow"],
		["<speak>&#x110000;</speak>", "&#x110000; refers to a character that XML does not allow"],
		["<?xml encoding='utf-8'?><speak/>", "an SSML document begins with its root element <speak>"],
		["<?xml version='2.0'?><speak/>", "an SSML document begins with its root element <speak>"],
		['<!DOCTYPE speak [<!ENTITY x "y">]><speak>&x;</speak>', "a document type declaration is not allowed"],
	];
	for (const [document, problem, line] of cases) assert.is(ssml(document), fault(problem, line), document);
	assert.is(ssml("<speak>\u0000</speak>"), "input.ssml: contains a character that XML does not allow");
	assert.is(ssml("<speak>\ud800</speak>"), "input.ssml: contains a character that XML does not allow");
});

test("a document of any depth and length is checked in linear time and without exhausting the stack", () => {
	const depth = 200_000;
	assert.is(ssml(`<speak>${"<p>".repeat(depth)}${"</p>".repeat(depth)}</speak>`), "accepted");
	assert.is(ssml(`<speak><!--${"-x".repeat(2_000_000)}--></speak>`), "accepted");
	assert.match(ssml(`<${"x".repeat(1_000_000)}/>`), /^.{0,200}$/);
});

test.run();
