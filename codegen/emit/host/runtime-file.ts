/** `generated/host/runtime.ts`: what all bindings share, as far as some binding uses it. */
import { header } from "../kit/header.ts";
import { template } from "../kit/template.ts";
import { fallbackOf } from "./fallback.ts";
import { type BoundInterface, type HostFunction, handlesIn } from "./plan.ts";

interface RuntimeData {
	readonly header: string;
	readonly transfersHandles: boolean;
	readonly hasAttempt: boolean;
	readonly hasAttemptAsync: boolean;
	readonly hasInsist: boolean;
	readonly hasInsistAsync: boolean;
	readonly hasFaults: boolean;
}

const runtimeTemplate = template<RuntimeData>(new URL("./runtime.hbs", import.meta.url));

export function runtimeFile(interfaces: readonly BoundInterface[], errorSource: string): string {
	const all = interfaces.flatMap(everyFunction);
	const infallible = all.filter(({ fallible }) => !fallible);
	const some = (blocking: boolean, replaceable: boolean): boolean =>
		infallible.some((each) => each.blocking === blocking && (fallbackOf(each) !== undefined) === replaceable);
	return runtimeTemplate({
		header: header([errorSource]),
		transfersHandles: all.some(({ func }) => func.params.some(({ type }) => handlesIn(type).some(({ mode }) => mode === "own"))),
		hasAttempt: some(false, true),
		hasAttemptAsync: some(true, true),
		hasInsist: some(false, false),
		hasInsistAsync: some(true, false),
		hasFaults: infallible.length > 0,
	});
}

function everyFunction({ functions, resources }: BoundInterface): HostFunction[] {
	return [...functions, ...resources.flatMap(({ statics, methods }) => [...statics, ...methods])];
}
