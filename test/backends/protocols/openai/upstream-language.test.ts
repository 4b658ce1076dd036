import { test } from "uvu";
import * as assert from "uvu/assert";
import { upstreamLanguage } from "../../../../src/backends/protocols/openai/upstream-language.ts";

test("a language tag becomes the code of the language", () => {
	const cases: Readonly<Record<string, string>> = {
		en: "en",
		EN: "en",
		"pt-BR": "pt",
		"zh-Hant-TW": "zh",
		yue: "yue",
		haw: "haw",
		eng: "en",
		"cmn-Hans": "zh",
		jw: "jw",
	};
	assert.equal(Object.fromEntries(Object.keys(cases).map((tag) => [tag, upstreamLanguage(tag)])), cases);
});

test.run();
