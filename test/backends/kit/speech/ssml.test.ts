import { test } from "uvu";
import * as assert from "uvu/assert";
import type { TextToSpeechBackend } from "../../../../generated/backends/text-to-speech.ts";
import type * as tts from "../../../../generated/ir/tts.ts";
import { textOfSsml } from "../../../../src/backends/kit/speech/ssml.ts";
import { withoutSsml } from "../../../../src/backends/kit/speech/without-ssml.ts";
import { SpearError } from "../../../../src/errors/spear-error.ts";
import { assertLinear } from "../../../helpers/growth.ts";
import { contextOf } from "../../context.ts";
import { envelopeOf } from "../../envelope.ts";

for (const [inner, spoken] of [
	["Hello <emphasis level='strong'>you</emphasis>!", "Hello you!"],
	["a &lt;b&gt; &amp; &quot;c&quot; &#233;&#x1F600; &apos;", 'a <b> & "c" é😀 \''],
	["one<break/>two<break time='300ms'/>, three <break/> four. <break/>five", "one, two, three, four. five"],
	["one<break time='2s'/>two<break strength='x-strong'/>three<break strength='none'/>four", "one\ntwo\nthree four"],
	["<p><s>First.</s><s>Second.</s></p>\n\t<p>Third.</p>", "First.\nSecond.\nThird."],
	["<sub alias='World Wide &amp; Web'>W<b>W</b>W</sub> and <sub>H2O</sub>", "World Wide & Web and H2O"],
	["<metadata><x>no <y/></x></metadata>yes<!-- > no --><?pi > no?><![CDATA[ <b> & ]]>end", "yes <b> & end"],
	["<audio src='a.wav'><desc>a bell</desc>ding</audio>", "ding"],
	["<say-as interpret-as='date' title='a > b'>2026-01-01</say-as >", "2026-01-01"],
	["  \n ", ""],
] as const)
	test(`the text of ${JSON.stringify(inner)} is ${JSON.stringify(spoken)}`, () =>
		assert.is(textOfSsml(`<?xml version="1.0"?><speak version="1.1">${inner}</speak>`), spoken));

function backend(inputs: tts.Input[]): TextToSpeechBackend {
	return {
		async unary({ payload }) {
			inputs.push(payload.input);
			return { audio: { type: "stored", stored: "sms+file://1" }, mime_type: "audio/mpeg" };
		},
		async *stream({ payload }) {
			inputs.push(payload.input);
			yield* [];
		},
	};
}

test("the upstream receives plain text", async () => {
	const inputs: tts.Input[] = [];
	const plain = withoutSsml(backend(inputs));
	await plain.unary(envelopeOf("text_to_speech", { input: { type: "ssml", ssml: "<speak>Hi <mark name='m'/>you</speak>" } }), contextOf());
	await plain.unary(envelopeOf("text_to_speech", { input: { type: "text", text: "<b>" } }), contextOf());
	for await (const _ of plain.stream(envelopeOf("text_to_speech", { input: { type: "ssml", ssml: "<speak>Yes</speak>" } }), contextOf()));
	assert.equal(inputs, [
		{ type: "text", text: "Hi you" },
		{ type: "text", text: "<b>" },
		{ type: "text", text: "Yes" },
	]);
	const empty = plain.unary(envelopeOf("text_to_speech", { input: { type: "ssml", ssml: "<speak><break/></speak>" } }), contextOf());
	await empty.then(
		() => assert.unreachable(),
		(error: unknown) => assert.is(SpearError.from(error).code, "invalid_request"),
	);
});

for (const [name, unit] of Object.entries({
	tags: "<b>x</b>",
	spaces: " ",
	"open comments": "<!--",
	attributes: "<a b='c' d='e'>",
	breaks: "a<break/>",
}))
	test(`the cost of many ${name} is linear`, () =>
		assertLinear({ name, make: (size) => `<speak>${unit.repeat(size / 8)}`, run: (input: string) => textOfSsml(input) }));

test.run();
