/**
 * Rules of compatibility as data: each kind of change, whom it breaks, the smallest step of the version, and the words for it.
 * `README.md` has the reasons.
 */

import { CORE_RULES } from "./core/core-rules.ts";
import { type Bump, breaks, type Effect, grows, harmless, PARTIES, type Position, type Rule } from "./rule.ts";

const REBUILT = "{guests} are refused at the load";
const BESIDE = "offer the new form under a new name beside the old one";
const KEEP = "keep it, marked `@deprecated`";
const BOTH_NAMES = "keep the old name beside the new one, marked `@deprecated`";

/** A change of structure: no guest that carries the type can be linked, in either direction. */
const structural = {
	argument: breaks("built-guest", "composed-guest", "guest-source", "host-source", "stored-value"),
	result: breaks("built-guest", "composed-guest", "guest-source", "host-source", "stored-value"),
	unused: breaks("guest-source", "stored-value"),
};
/** A case more: the side that receives the value has to handle it. */
const caseAdded = {
	argument: breaks("built-guest", "composed-guest", "host-source"),
	result: breaks("built-guest", "composed-guest", "guest-source"),
	unused: grows(),
};
const moved = {
	argument: breaks("built-guest", "composed-guest"),
	result: breaks("built-guest", "composed-guest"),
	unused: harmless,
};
/** A name that source and composed components know is gone; structure stays. */
const namesLost = {
	argument: breaks("composed-guest", "guest-source", "host-source"),
	result: breaks("composed-guest", "guest-source", "host-source"),
	unused: breaks("guest-source", "host-source"),
};
const everyone = breaks("built-guest", "composed-guest", "guest-source", "host-source");

function partRules<Prefix extends string>(prefix: Prefix, word: string, added: Rule["effect"]) {
	const title = `${prefix.replaceAll("-", " ")}`;
	const of = `${word} \`{part}\` of {kind} \`{item}\``;
	return {
		[`${prefix}-added`]: {
			title: `A ${title} was added`,
			effect: added,
			message: `{kind} \`{item}\` gained the ${word} \`{part}\``,
			consequence: `types are matched ${word} by ${word}, so ${REBUILT}`,
			help: BESIDE,
		},
		[`${prefix}-removed`]: {
			title: `A ${title} was removed`,
			effect: structural,
			message: `{kind} \`{item}\` lost the ${word} \`{part}\``,
			consequence: `types are matched ${word} by ${word}, so ${REBUILT}`,
			help: BESIDE,
		},
		[`${prefix}-renamed`]: {
			title: `A ${title} was renamed`,
			effect: structural,
			message: `${word} \`{before}\` of {kind} \`{item}\` was renamed \`{after}\``,
			consequence: `names are part of the type, so ${REBUILT}`,
			help: "keep the name",
		},
		[`${prefix}-moved`]: {
			title: `A ${title} has another place`,
			effect: moved,
			message: `${of} has another place than before`,
			consequence: `values cross by position, so ${REBUILT}`,
			help: "put it back in its place",
		},
	} as { readonly [suffix in `${Prefix}-${"added" | "removed" | "renamed" | "moved"}`]: Rule };
}

function partTypeRule(title: string, word: string): Rule {
	return {
		title,
		effect: structural,
		message: `${word} \`{part}\` of {kind} \`{item}\` was \`{before}\` and is now \`{after}\``,
		consequence: REBUILT,
		help: BESIDE,
	};
}

const rules = {
	"package-renamed": {
		title: "The package has another name",
		effect: everyone,
		message: "the package was `{before}` and is now `{after}`",
		consequence: "guests import its interfaces by the name of the package, so guests built before no longer start",
		help: "keep the name",
	},
	"package-version-incompatible": {
		title: "The version of the package is not compatible with the one before",
		effect: breaks("built-guest", "composed-guest"),
		message: "the package was `{before}` and is now `{after}`",
		consequence: "guests built before import the old version by name; a host that is to run them must offer both",
		help: "if nothing else breaks, a compatible version will do",
	},
	"package-version-lowered": {
		title: "The version of the package was lowered",
		effect: breaks("built-guest"),
		message: "the package was `{before}` and is now `{after}`",
		consequence: "guests built before ask for a newer version than the host offers, and are refused",
		help: "versions only rise",
	},
	"dependency-version-incompatible": {
		title: "A dependency has a version that is not compatible with the one before",
		effect: everyone,
		message: "the package leads to `{before}` no longer, and to `{after}`",
		consequence: "guests built before import the old version by name",
		help: "offer both versions, or raise the version of the package",
	},

	"interface-removed": {
		title: "An interface was removed",
		effect: { import: everyone, export: breaks("guest-source", "host-source") },
		message: "interface `{item}` is gone",
		consequence: "guests that import it no longer start on this host, and source that names it no longer builds",
		help: KEEP,
	},
	"interface-renamed": {
		title: "An interface was renamed",
		effect: everyone,
		message: "interface `{before}` was renamed `{after}`",
		consequence: "guests built before know only the old name, so they no longer start",
		help: BOTH_NAMES,
	},
	"interface-added": {
		title: "An interface was added",
		effect: grows("older-host"),
		message: "interface `{item}` is new",
		consequence: "guests that import it need a host of this version",
	},

	"function-removed": {
		title: "A function was removed",
		effect: { import: everyone, export: breaks("guest-source", "host-source") },
		message: "function `{item}` is gone",
		consequence: "guests that import it no longer start, and source that implements or calls it no longer builds",
		help: KEEP,
	},
	"function-renamed": {
		title: "A function was renamed",
		effect: everyone,
		message: "function `{before}` was renamed `{after}`",
		consequence: "guests built before know only the old name, so they no longer start",
		help: BOTH_NAMES,
	},
	"function-added": {
		title: "A function was added to an interface that guests import",
		effect: grows("older-host"),
		message: "function `{item}` is new",
		consequence: "guests that import it need a host of this version, and hosts have one more function to implement",
	},
	"exported-function-added": {
		title: "A function was added to an interface that guests export",
		effect: breaks("built-guest", "composed-guest", "guest-source"),
		message: "function `{item}` is new in an interface that guests export",
		consequence: "guests built before do not have it, so they no longer start",
		help: "put the function into an interface of its own, which a world of its own exports",
	},
	"function-kind-changed": {
		title: "A method became a static function, or the reverse",
		effect: everyone,
		message: "`{item}` was a {before} and is now a {after}",
		consequence: "guests import it by another name, so guests built before no longer start",
		help: BESIDE,
	},
	"async-changed": {
		title: "A function became asynchronous, or the reverse",
		effect: everyone,
		message: "function `{item}` was `{before}` and is now `{after}`",
		consequence: "guests built before are refused at the load",
		help: BESIDE,
	},
	"blocking-added": {
		title: "A function may wait now",
		effect: breaks("running-guest", "host-source"),
		message: "function `{item}` is `@blocking` now",
		consequence: "guests built before rely on a call that returns at once, and implementations of it change their type",
		help: BESIDE,
	},
	"blocking-removed": {
		title: "A function may not wait any more",
		effect: breaks("host-source"),
		message: "function `{item}` is no longer `@blocking`",
		consequence: "implementations that wait no longer build",
		help: "keep `@blocking`: a function that may wait can also return at once",
	},
	"parameter-added": {
		title: "A function has a parameter more",
		effect: everyone,
		message: "function `{item}` gained the parameter `{part}`",
		consequence: "parameters are part of its type, so guests built before are refused at the load",
		help: BESIDE,
	},
	"parameter-removed": {
		title: "A function has a parameter less",
		effect: everyone,
		message: "function `{item}` lost the parameter `{part}`",
		consequence: "parameters are part of its type, so guests built before are refused at the load",
		help: BESIDE,
	},
	"parameter-renamed": {
		title: "A parameter was renamed",
		effect: breaks("built-guest", "composed-guest"),
		message: "parameter `{before}` of function `{item}` was renamed `{after}`",
		consequence: "names of parameters are part of its type, so guests built before are refused at the load",
		help: "keep the name; documentation may explain it",
	},
	"parameter-moved": {
		title: "Parameters have another order",
		effect: everyone,
		message: "parameter `{part}` of function `{item}` has another place than before",
		consequence: "arguments cross by position, so guests built before are refused at the load",
		help: "put it back in its place",
	},
	"parameter-type-changed": {
		title: "A parameter has another type",
		effect: everyone,
		message: "parameter `{part}` of function `{item}` was `{before}` and is now `{after}`",
		consequence: "guests built before are refused at the load",
		help: BESIDE,
	},
	"result-changed": {
		title: "A function returns another type",
		effect: everyone,
		message: "function `{item}` returned {before} and now returns {after}",
		consequence: "guests built before are refused at the load",
		help: BESIDE,
	},
	"named-type-changed": {
		title: "Another type of equal structure stands in a place",
		effect: breaks("guest-source", "host-source"),
		message: "`{part}` of `{item}` was `{before}` and is now `{after}`, of equal structure",
		consequence: "guests built before still run, but source in a language that tells types apart by name no longer builds",
		help: "keep the old type there, or make one of the two an alias of the other",
	},

	"type-removed": {
		title: "A type was removed",
		effect: namesLost,
		message: "{kind} `{item}` is gone",
		consequence: "source that names it no longer builds",
		help: KEEP,
	},
	"type-renamed": {
		title: "A type was renamed",
		effect: namesLost,
		message: "{kind} `{before}` was renamed `{after}`",
		consequence: "guests built before still run, but source that names it no longer builds",
		help: "keep the old name as an alias of the new one",
	},
	"type-added": {
		title: "A type was added",
		effect: grows(),
		message: "{kind} `{item}` is new",
		consequence: "source that names it needs this version",
	},
	"type-moved": {
		title: "A type moved behind `use`",
		effect: grows(),
		message: "{kind} `{item}` is declared in `{after}` now, and still known by its name",
		consequence: "nothing breaks",
	},
	"alias-inlined": {
		title: "An alias was replaced by the type it stood for",
		effect: grows("composed-guest", "guest-source"),
		message: "alias `{item}` is gone, and stood for `{before}`",
		consequence: "functions carry the same types as before, and source writes the type itself",
	},
	"type-kind-changed": {
		title: "A type became one of another kind",
		effect: structural,
		message: "`{item}` was {before} and is now {after}",
		consequence: REBUILT,
		help: BESIDE,
	},
	"alias-target-changed": {
		title: "An alias stands for another type",
		effect: structural,
		message: "`{item}` stood for `{before}` and now stands for `{after}`",
		consequence: REBUILT,
		help: BESIDE,
	},
	"resource-removed": {
		title: "A resource was removed",
		effect: { import: everyone, export: everyone },
		message: "resource `{item}` is gone",
		consequence: "guests that use it no longer start, and source that names it no longer builds",
		help: KEEP,
	},
	"resource-renamed": {
		title: "A resource was renamed",
		effect: everyone,
		message: "resource `{before}` was renamed `{after}`",
		consequence: "guests import its functions by its name, so guests built before no longer start",
		help: BOTH_NAMES,
	},
	"resource-moved": {
		title: "A resource moved to another interface",
		effect: breaks("built-guest", "composed-guest"),
		message: "resource `{item}` is declared in `{after}` now",
		consequence: "a resource is known by the interface that declares it, so guests built before are refused at the load",
		help: "keep it where it is, and `use` it elsewhere",
	},
	"carriage-changed": {
		title: "A doc tag changes how a type is carried",
		effect: breaks("host-source"),
		message: "`{item}` was tagged {before} and is now tagged {after}",
		consequence: "backends and the host see the type in another form",
		help: "tag a new type instead",
	},
	"json-kind-changed": {
		title: "A JSON text may hold other values",
		effect: breaks("running-guest", "host-source", "stored-value"),
		message: "`{item}` was tagged {before} and is now tagged {after}",
		consequence: "guests that send what was allowed before get `invalid-request`",
		help: BESIDE,
	},

	"use-removed": {
		title: "A `use` was dropped",
		effect: namesLost,
		message: "`{item}` no longer uses `{part}`",
		consequence: "guests built before still run, but source that names the type by this interface no longer builds",
		help: "keep the `use`",
	},
	"use-renamed": {
		title: "A `use` has another name",
		effect: namesLost,
		message: "`{before}`, which `{item}` uses, was renamed `{after}`",
		consequence: "guests built before still run, but source that names the type by this interface no longer builds",
		help: "keep the name, or add the new one as an alias",
	},
	"use-added": {
		title: "A `use` was added",
		effect: grows(),
		message: "`{item}` now uses `{part}`",
		consequence: "source that names the type by this interface needs this version",
	},
	"use-target-changed": {
		title: "A `use` brings in another type",
		effect: breaks("guest-source", "host-source"),
		message: "`{part}` in `{item}` was `{before}` and is now `{after}`",
		consequence: "source that names the type by this interface no longer builds",
		help: "bring the new type in under a new name",
	},

	...partRules("record-field", "field", {
		argument: breaks("built-guest", "composed-guest", "guest-source", "stored-value"),
		result: breaks("built-guest", "composed-guest", "host-source", "stored-value"),
		unused: breaks("guest-source", "stored-value"),
	}),
	"optional-record-field-added": {
		title: "An optional record field was added",
		effect: {
			argument: breaks("built-guest", "composed-guest", "guest-source"),
			result: breaks("built-guest", "composed-guest", "host-source"),
			unused: breaks("guest-source"),
		},
		message: "{kind} `{item}` gained the field `{part}`",
		consequence: `records are matched field by field, an optional one too, so ${REBUILT}`,
		help: BESIDE,
	},
	"record-field-type-changed": partTypeRule("A record field has another type", "field"),
	...partRules("variant-case", "case", caseAdded),
	"variant-case-type-changed": partTypeRule("A variant case has another type", "case"),
	...partRules("enum-case", "case", caseAdded),
	...partRules("flag", "flag", {
		argument: breaks("built-guest", "composed-guest"),
		result: breaks("built-guest", "composed-guest"),
		unused: grows(),
	}),

	"limit-tightened": {
		title: "A field accepts less than before",
		effect: {
			argument: breaks("running-guest", "stored-value"),
			result: breaks("host-source", "stored-value"),
			unused: breaks("stored-value"),
		},
		message: "`{item}` {before} and is now limited by {after}",
		consequence: "a value that was allowed before is refused with `invalid-request`",
		help: "keep the old limit, or add a new field",
	},
	"limit-loosened": {
		title: "A field accepts more than before",
		effect: { argument: grows("older-host"), result: breaks("running-guest"), unused: grows() },
		message: "`{item}` {before} and {after}",
		consequence: "whoever receives it may find values that were ruled out before",
		help: "keep the old limit for what guests receive",
	},
	"default-added": {
		title: "A field has a default now",
		effect: grows(),
		message: "`{item}` has the default `{after}` now",
		consequence: "guests that leave it out know what they get",
	},
	"default-changed": {
		title: "A field has another default",
		effect: {
			argument: breaks("running-guest", "stored-value"),
			result: breaks("running-guest", "stored-value"),
			unused: breaks("stored-value"),
		},
		message: "`@default` of `{item}` was `{before}` and is now `{after}`",
		consequence: "guests that leave it out get another behaviour",
		help: "keep the default, and let guests set the new value",
	},
	"default-removed": {
		title: "A field has lost its default",
		effect: {
			argument: breaks("running-guest", "stored-value"),
			result: breaks("running-guest", "stored-value"),
			unused: breaks("stored-value"),
		},
		message: "`@default {before}` of `{item}` is gone",
		consequence: "guests that leave it out no longer know what they get",
		help: "keep the default",
	},
	"feature-demanded": {
		title: "The presence of a field or case demands a feature",
		effect: { argument: breaks("running-guest", "stored-value"), result: grows(), unused: grows() },
		message: "`{item}` demands the feature `{part}` now",
		consequence: "requests of guests built before that set it find no backend without the feature",
		help: "tag a new field or case instead",
	},
	"feature-not-demanded": {
		title: "The presence of a field or case no longer demands a feature",
		effect: grows(),
		message: "`{item}` no longer demands the feature `{part}`",
		consequence: "requests that set it may go to a backend without the feature",
	},
	"feature-removed": {
		title: "A feature is gone",
		effect: breaks("running-guest", "host-source"),
		message: "feature `{item}` is gone",
		consequence: "guests that list it in `required-features` get `invalid-request`, and host configurations that mention it are refused",
		help: "keep the feature on one field",
	},
	"feature-renamed": {
		title: "A feature was renamed",
		effect: breaks("running-guest", "host-source"),
		message: "feature `{before}` was renamed `{after}`",
		consequence:
			"guests that list the old name in `required-features` get `invalid-request`, and host configurations that mention it are refused",
		help: "keep the name",
	},

	"operation-removed": {
		title: "An operation is gone",
		effect: breaks("running-guest", "guest-source", "host-source", "stored-value"),
		message: "operation `{item}` is gone",
		consequence: "guests that name it through `transform`, backends that serve it and host configurations that mention it stop working",
		help: "keep it",
	},
	"operation-renamed": {
		title: "An operation was renamed",
		effect: breaks("running-guest", "guest-source", "host-source", "stored-value"),
		message: "operation `{before}` was renamed `{after}`",
		consequence: "guests that name it through `transform`, backends that serve it and host configurations that mention it stop working",
		help: "keep the name",
	},
	"operation-added": {
		title: "An operation was added",
		effect: grows("older-host"),
		message: "operation `{item}` is new",
		consequence: "guests that name it through `transform` need a host of this version",
	},
	"operation-type-changed": {
		title: "An operation has another interface, payload, result or event",
		effect: breaks("running-guest", "guest-source", "host-source", "stored-value"),
		message: "{part} of operation `{item}` was {before} and is now {after}",
		consequence: "guests that use `transform` and every backend of the operation must follow",
		help: BESIDE,
	},
	"transport-removed": {
		title: "An operation no longer offers a transport",
		effect: breaks("running-guest", "host-source"),
		message: "operation `{item}` no longer offers the transport `{part}`",
		consequence: "guests and routes that require it find no backend",
		help: "keep it",
	},
	"transport-added": {
		title: "An operation offers one more transport",
		effect: grows("older-host"),
		message: "operation `{item}` offers the transport `{part}` now",
		consequence: "guests that require it need a host of this version",
	},

	"world-removed": {
		title: "A world was removed",
		effect: breaks("guest-source", "host-source"),
		message: "`{item}` is gone",
		consequence: "guests that target it can no longer be built",
		help: KEEP,
	},
	"world-renamed": {
		title: "A world was renamed",
		effect: breaks("guest-source", "host-source"),
		message: "`{before}` was renamed `{after}`",
		consequence: "guests built before still run, but builds that name the old world fail",
		help: "keep the old world, and let it `include` the new one",
	},
	"world-added": {
		title: "A world was added",
		effect: grows(),
		message: "`{item}` is new",
		consequence: "guests that target it need this version",
	},
	"world-import-removed": {
		title: "A world lost an import",
		effect: everyone,
		message: "`{item}` no longer has `{part}`",
		consequence: "a host of this world need not offer it, and guests that use the import can no longer be built",
		help: "keep it",
	},
	"world-import-added": {
		title: "A world gained an import",
		effect: grows("older-host"),
		message: "`{item}` now has `{part}`",
		consequence: "guests that use it need a host of this version",
	},
	"world-export-removed": {
		title: "A world lost an export",
		effect: breaks("guest-source", "host-source"),
		message: "`{item}` no longer has `{part}`",
		consequence: "hosts no longer call it in guests built before",
		help: "keep it",
	},
	"world-export-added": {
		title: "A world gained an export",
		effect: breaks("built-guest", "composed-guest", "guest-source"),
		message: "`{item}` now has `{part}`",
		consequence: "guests built before do not export it, so they no longer start",
		help: "add a world that includes this one and has the export",
	},
	"world-item-renamed": {
		title: "An import or export of a world was renamed",
		effect: everyone,
		message: "`{before}` of `{item}` was renamed `{after}`",
		consequence: "guests built before know only the old name, so they no longer start",
		help: "keep the name",
	},
	"world-item-changed": {
		title: "An import or export of a world became something else",
		effect: everyone,
		message: "`{part}` of `{item}` was {before} and is now {after}",
		consequence: "guests built before no longer start",
		help: BESIDE,
	},

	...CORE_RULES,
} as const satisfies Record<string, Rule>;

export type RuleCode = keyof typeof rules;
export const RULES: { readonly [code in RuleCode]: Rule } = rules;

/** The effect of a rule in all positions of an item: the union of parties, and the largest step. */
export function effectOf(code: RuleCode, positions: readonly Position[]): Effect {
	const { effect } = RULES[code];
	if ("bump" in effect) return effect;
	const effects = positions.flatMap((position) => effect[position] ?? []);
	return {
		breaks: PARTIES.filter((party) => effects.some((each) => each.breaks.includes(party))),
		bump: largest(effects.map(({ bump }) => bump)),
	};
}

const STEPS: readonly Bump[] = ["patch", "minor", "major"];

/** The largest step of a list; `patch` for an empty one. */
export function largest(bumps: readonly Bump[]): Bump {
	return STEPS[Math.max(0, ...bumps.map((bump) => STEPS.indexOf(bump)))] ?? "patch";
}

/** The smallest version after `version` that allows a step: `0.1.4` and `major` → `0.2.0`; `1.2.3` and `minor` → `1.3.0`. */
export function bumped(version: string, bump: Bump): string {
	const [major = 0, minor = 0, patch = 0] = version.split(/[-+]/)[0]?.split(".").map(Number) ?? [];
	if (major > 0 && bump === "major") return `${major + 1}.0.0`;
	if (major > 0 ? bump === "minor" : minor > 0 && bump === "major") return `${major}.${minor + 1}.0`;
	return `${major}.${minor}.${patch + 1}`;
}
