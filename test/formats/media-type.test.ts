import { test } from "uvu";
import * as assert from "uvu/assert";
import { essenceOf, isMediaType } from "../../src/formats/media-type.ts";

test("a type and a subtype, with or without parameters, are a media type", () => {
	for (const text of ["image/png", "application/vnd.api+json", "audio/ogg; codecs=opus", "audio/pcm;rate=16000;channels=1", "IMAGE/PNG"])
		assert.ok(isMediaType(text), text);
});

test("a text that could end a header or lacks a part is not a media type", () => {
	for (const text of ["", "image", "/png", "image/", "image/png\r\nx: y", "image/png;\n", "image/png; q", "a,b/c", `a/${"b".repeat(126)}`])
		assert.not.ok(isMediaType(text), text);
});

test("a long run of spaces does not slow down the check of a media type", () => {
	assert.not.ok(isMediaType(`image/png${" ".repeat(1_000_000)}x`));
});

test("the essence of a media type is in lower case, without parameters", () => {
	assert.is(essenceOf("Audio/MPEG; x=1"), "audio/mpeg");
	assert.is(essenceOf(" text/plain "), "text/plain");
	assert.is(essenceOf(""), "");
});

test.run();
