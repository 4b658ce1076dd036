import { test } from "uvu";
import * as assert from "uvu/assert";
import { ttsDemand } from "../../../src/normalize/demand/tts.ts";

test("the characters to speak", () => {
	assert.equal(ttsDemand({ input: { type: "text", text: "Guten Tag, Zoë" } }), { characters: 14 });
	assert.equal(ttsDemand({ input: { type: "ssml", ssml: "<speak>Hi</speak>" } }), { characters: 17 });
});

test.run();
