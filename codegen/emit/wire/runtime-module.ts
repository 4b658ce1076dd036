/** `ir/wire/runtime.ts`: the helpers that the conversions call, and no others. */
import { header } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import type { WireHelper } from "./expressions.ts";

const render = template<Record<WireHelper, boolean>>(new URL("./runtime.hbs", import.meta.url));

export function wireRuntime(used: ReadonlySet<WireHelper>, sources: readonly string[]): string {
	return `${header(sources)}\n${render({ toBytes: used.has("toBytes"), toBase64: used.has("toBase64") })}`;
}
