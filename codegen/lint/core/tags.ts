/**
 * Doc tags of the hostcalls of core modules.
 *
 * @see ../../model/core/core-abi.ts for what each tag means
 */
import { TAGS, type TagRule, type TagRules, tagRule } from "../doc-tags.ts";
import type { Rule } from "../rule.ts";

const NUMBER = { form: /^(?:0|[1-9]\d*)$/, words: "a whole number, e.g. `1`" };
const ON_FUNCTION = { on: ["function"], onWords: "a function" } as const;
const ON_INTERFACE = { on: ["interface"], onWords: "an interface" } as const;
/** Tags that mean the same in both profiles. */
const SHARED = ["blocking", "json", "replaced-by"];

export const CORE_TAGS: TagRules = new Map<string, TagRule>([
	["core-module", { ...ON_INTERFACE, value: { form: /^[a-z][\w.:-]*$/, words: "the name of a module, e.g. `spear`" } }],
	["argument-first", { ...ON_INTERFACE, value: "none" }],
	["core-import", { ...ON_FUNCTION, value: { form: /^[a-z][a-z0-9_]*$/, words: "one name in snake_case, e.g. `time_now_ms`" } }],
	["command", { ...ON_FUNCTION, value: NUMBER }],
	["invalid", { ...ON_FUNCTION, value: { form: /^[a-z][a-z0-9-]*$/, words: "one case of `errno`, e.g. `einval`" } }],
	["takes", { ...ON_FUNCTION, value: "none" }],
	["max-bytes", { ...ON_FUNCTION, value: NUMBER }],
	["number", { on: ["enum case", "flag"], onWords: "a case of an enum or a flag", value: NUMBER }],
	["out-buffer", { on: ["alias"], onWords: "an alias of `u32`", value: "none" }],
	["packed", { on: ["record"], onWords: "a record of numbers", value: "none" }],
	["nullable", { on: ["field"], onWords: "a record field", value: "none" }],
	...[...TAGS].filter(([name]) => SHARED.includes(name)),
]);

export const coreTags: Rule = tagRule(CORE_TAGS);
