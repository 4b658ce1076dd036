import { test } from "uvu";
import * as assert from "uvu/assert";
import { growthFault } from "../../../codegen/lint/regexp-growth.ts";

const LINEAR: readonly RegExp[] = [
	/a+b/y,
	/^\s*[[{]/,
	/^[a-z0-9]+(\.[a-z0-9]+)*$/i,
	/^[A-Za-z0-9+/]*={0,2}$/,
	/&#(?:([0-9]+)|x([0-9A-Fa-f]+));/g,
	/[^<]+/y,
	/\s+/g,
	/"type"\s*:\s*"done"/,
	/[\w.-]{0,64}\*{3,}[\w.-]{0,64}/g,
	/%.*/s,
	/^(?:a|b)*c$/,
	/^a*(?=b)b*$/,
	/^(["'])[^"']*\1$/,
	/(?<name>ab)+c/y,
];

const REFUSED: readonly (readonly [pattern: RegExp, reason: string])[] = [
	[/\/+$/, "the search for a beginning and \\/ can divide a text in many ways"],
	[/\s+$/, "the search for a beginning and \\s can divide a text in many ways"],
	[/(\/\d+)+$/, "the search for a beginning and \\/ can divide a text in many ways"],
	[/^a*a*b/, "a and a can divide a text in many ways"],
	[/^(a+)+$/, "a is in nested loops"],
	[/^(a|\w)*!/, "a and \\w can divide a text in many ways"],
	[/^\s*(.*?)\s*$/s, "\\s and . can divide a text in many ways"],
	[/<!--[\s\S]*?-->/, "the search for a beginning and [\\s\\S] can divide a text in many ways"],
	[/^[\w-]+[ \w]*=/, "[\\w-] and [ \\w] can divide a text in many ways"],
	[/a(?=[^b]*c)/, "the search for a beginning and [^b] can divide a text in many ways"],
	[/call (?:[a-z]|call )*\{/, "the search for a beginning and [a-z] can divide a text in many ways"],
];

for (const pattern of LINEAR) test(`${pattern} is proved linear`, () => assert.is(growthFault(pattern), undefined));
for (const [pattern, reason] of REFUSED) test(`${pattern} is not proved linear`, () => assert.is(growthFault(pattern), reason));

test("a quantifier with a bound counts as a loop where that is asked for", () => {
	for (const pattern of [
		/^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,8}$/,
		/^[\w-]{1,64}$/,
		/^\d{4}-\d{2}-\d{2}$/,
		/^a{2}a{3}a?$/,
		/^(one|two|three|four|five|six)$/,
	])
		assert.is(growthFault(pattern, { bounded: "loop" }), undefined, String(pattern));
	for (const pattern of [/^(a{1,30}){1,30}$/, /^(a|aa){50}$/, /^\w{0,9}\d{0,9}$/]) {
		assert.is(growthFault(pattern), undefined);
		assert.ok(growthFault(pattern, { bounded: "loop" }) !== undefined, String(pattern));
	}
});

test("a pattern that takes too long to judge is refused", () => {
	const started = process.cpuUsage();
	for (const source of [
		"(|)".repeat(60),
		"(a|a)".repeat(40),
		"a?".repeat(40),
		"a*b*c*d*".repeat(30),
		"(a|b|c|d)*".repeat(40),
		"(.*".repeat(60) + ")".repeat(60),
	])
		assert.ok(growthFault(new RegExp(`^${source}$`, "u"), { bounded: "loop" }) !== undefined, source);
	assert.ok(process.cpuUsage(started).user < 20_000_000);
});

test.run();
