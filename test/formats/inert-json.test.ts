import { test } from "uvu";
import * as assert from "uvu/assert";
import { inertJson } from "../../src/formats/inert-json.ts";

test("JSON text holds no character that a terminal obeys, and keeps its value", () => {
	const value = { "\u009b31m": "a\u001b]0;x\u0007\u007f\u0085b\u202egnp.exe\u2066\u2069", plain: "ä 漢 \u200d 🙂" };
	const json = inertJson(JSON.stringify(value));
	// biome-ignore lint/suspicious/noControlCharactersInRegex: matches the control characters that must not be there
	assert.not.match(json, /[\u0000-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
	assert.match(json, "ä 漢 \u200d 🙂");
	assert.equal(JSON.parse(json), value);
});

test.run();
