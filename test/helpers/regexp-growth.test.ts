import { test } from "uvu";
import * as assert from "uvu/assert";
import { growthFault } from "./regexp-growth.ts";

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

test.run();
