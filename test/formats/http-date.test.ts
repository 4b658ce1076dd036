import { test } from "uvu";
import * as assert from "uvu/assert";
import { parseHttpDate } from "../../src/formats/http-date.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const DATE = Date.parse("1994-11-06T08:49:37Z");

test("an HTTP date is read in each of its three forms", () => {
	for (const text of [
		"Sun, 06 Nov 1994 08:49:37 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT",
		"Sun Nov  6 08:49:37 1994",
		"sun, 06 nov 1994 08:49:37 utc",
	])
		assert.is(parseHttpDate(text, NOW), DATE, text);
	assert.is(parseHttpDate("Sun Nov 16 08:49:37 1994", NOW), DATE + 10 * 86_400_000);
});

test("a year of two digits is at most 50 years ahead", () => {
	assert.is(parseHttpDate("Sunday, 01-Mar-76 00:00:00 GMT", NOW), Date.parse("2076-03-01T00:00:00Z"));
	assert.is(parseHttpDate("Sunday, 01-Mar-77 00:00:00 GMT", NOW), Date.parse("1977-03-01T00:00:00Z"));
});

test("a leap second belongs to the next minute", () => {
	assert.is(parseHttpDate("Sat, 31 Dec 2016 23:59:60 GMT", NOW), Date.parse("2017-01-01T00:00:00Z"));
});

test("text that is not a date of HTTP is not read", () => {
	for (const text of [
		"",
		"soon",
		"1994-11-06T08:49:37Z",
		"Sun, 06 Xyz 1994 08:49:37 GMT",
		"Sun, 31 Jun 1994 08:49:37 GMT",
		"Sun, 00 Nov 1994 08:49:37 GMT",
		"Sun, 06 Nov 1994 24:49:37 GMT",
		"Sun, 06 Nov 1994 08:60:37 GMT",
		"Sun, 06 Nov 1994 08:49:37 +0200",
		"Sun, 06 Nov 1994 08:49:37 GMT trailing",
	])
		assert.is(parseHttpDate(text, NOW), undefined, text);
});

test.run();
