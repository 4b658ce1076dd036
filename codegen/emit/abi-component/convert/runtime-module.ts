/** `abi/component/convert/runtime.ts`: the helpers that the conversions call, and no others. */

import type { RuntimeHelper } from "../../kit/conversion/expressions.ts";
import { header } from "../../kit/header.ts";
import { template } from "../../kit/template.ts";

/** Every helper, and those it calls itself. */
const NEEDS: { readonly [name in RuntimeHelper]: readonly (RuntimeHelper | "integer")[] } = {
	at: [],
	item: [],
	optional: [],
	nullable: [],
	mapList: ["item"],
	mapValues: ["at"],
	asString: [],
	asChar: [],
	asBool: [],
	asNumber: [],
	asU8: ["integer"],
	asU16: ["integer"],
	asU32: ["integer"],
	asS8: ["integer"],
	asS16: ["integer"],
	asS32: ["integer"],
	asBytes: [],
	asFloats: [],
	parseJson: [],
	parseJsonObject: ["parseJson"],
	stringifyJson: [],
	lookup: [],
	flagsFromIr: ["item", "lookup"],
	unknownCase: ["at"],
};

/** Helpers that check nothing themselves. */
const UNCHECKED: ReadonlySet<string> = new Set(["at", "item", "optional", "nullable", "mapValues"]);

const render = template<Record<string, boolean>>(new URL("./runtime.hbs", import.meta.url));

export function runtimeModule(used: Iterable<RuntimeHelper>, sources: readonly string[]): string {
	const included = new Set<string>();
	const include = (name: RuntimeHelper): void => {
		included.add(name);
		for (const need of NEEDS[name]) {
			if (need === "integer") included.add(need);
			else include(need);
		}
	};
	for (const name of used) include(name);
	const flags = Object.fromEntries([...Object.keys(NEEDS), "integer"].map((name) => [name, included.has(name)]));
	const usesMismatch = [...included].some((name) => !UNCHECKED.has(name));
	const usesJson = included.has("parseJson") || included.has("stringifyJson");
	return `${header(sources)}\n${render({ ...flags, usesJson, usesMismatch })}`;
}
