import type * as types from "../../../../generated/ir/types.ts";
import type { JsonSource } from "../json/source.ts";

/** Returns an opaque part with the text of `source`. */
export function opaquePart(provider: string, kind: string, source: JsonSource | string | undefined): types.OpaquePart {
	return { provider, kind, data: new TextEncoder().encode(String(source ?? "null")) };
}
