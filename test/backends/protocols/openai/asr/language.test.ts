import { test } from "uvu";
import * as assert from "uvu/assert";
import { languageCode } from "../../../../../src/backends/protocols/openai/asr/language.ts";

test("a language name becomes its code, and other texts stay unchanged", () => {
	const cases: Readonly<Record<string, string>> = {
		english: "en",
		German: "de",
		hebrew: "he",
		"haitian creole": "ht",
		myanmar: "my",
		javanese: "jv",
		tagalog: "tl",
		en: "en",
		DE: "de",
		cantonese: "yue",
		hawaiian: "haw",
		lao: "lo",
		YUE: "yue",
		eng: "en",
		klingon: "klingon",
		und: "und",
	};
	assert.equal(Object.fromEntries(Object.keys(cases).map((said) => [said, languageCode(said)])), cases);
});

test.run();
