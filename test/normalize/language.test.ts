import { test } from "uvu";
import * as assert from "uvu/assert";
import { SpearError } from "../../src/errors/spear-error.ts";
import { validated } from "../../src/normalize/validate.ts";

const AUDIO = { type: "stored", stored: "sms+file://m1" };

function accepts(operation: "speech_to_text" | "realtime_voice", language: string): boolean {
	const payload = operation === "speech_to_text" ? { audio: AUDIO, language } : { mode: "conversation", tools: [], language };
	try {
		validated.payload(operation, payload);
		return true;
	} catch (error) {
		if (error instanceof SpearError && error.message.startsWith("language: ")) return false;
		throw error;
	}
}

for (const operation of ["speech_to_text", "realtime_voice"] as const) {
	test(`the language of ${operation} is any BCP 47 tag`, () => {
		const tags = ["en", "yue", "haw", "pt-BR", "zh-Hant-TW", "sr-Latn", "es-419", "de-DE-1996", "EN-us"];
		assert.equal(
			tags.filter((tag) => !accepts(operation, tag)),
			[],
		);
		const others = ["", "e", "en_US", "en-", "-en", "en us", "en\n", "german", "en-toolongpart", `en${"-x".repeat(9)}`];
		assert.equal(
			others.filter((text) => accepts(operation, text)),
			[],
		);
	});
}

test.run();
