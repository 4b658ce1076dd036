/** `generated/abi/component/runtime.ts`: what the bindings of all interfaces share, as far as some binding uses it. */
import { handlesIn } from "../../model/build-abi.ts";
import { everyFunction, type HostInterface } from "../../model/host-interface.ts";
import type { RecordDef } from "../../model/model.ts";
import { header, witSource } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import { fallbackOf } from "./fallback.ts";

interface RuntimeData {
	readonly header: string;
	readonly transfersHandles: boolean;
	readonly hasDefault: boolean;
	readonly hasDefaultAsync: boolean;
	readonly hasTrap: boolean;
	readonly hasTrapAsync: boolean;
}

const runtimeTemplate = template<RuntimeData>(new URL("./runtime.hbs", import.meta.url));

export function runtimeFile(interfaces: readonly HostInterface[], error: RecordDef): string {
	const all = interfaces.flatMap(everyFunction);
	const infallible = all.filter(({ fallible }) => !fallible);
	const has = (blocking: boolean, hasDefault: boolean): boolean =>
		infallible.some((each) => each.blocking === blocking && (fallbackOf(each, []) !== undefined) === hasDefault);
	return runtimeTemplate({
		header: header([witSource(error)]),
		transfersHandles: all.some(({ func }) => func.params.some(({ type }) => handlesIn(type).some(({ mode }) => mode === "own"))),
		hasDefault: has(false, true),
		hasDefaultAsync: has(true, true),
		hasTrap: has(false, false),
		hasTrapAsync: has(true, false),
	});
}
