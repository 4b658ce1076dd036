/** Interfaces of a host for tests that need few of their functions. */
import { camelCase, pascalCase } from "../../codegen/model/names/spelling.ts";
import type { LoadedBindings } from "./general-targets.ts";

type AnyFunction = (...args: never[]) => unknown;

/** Returns an interface with the given functions and classes, and everything else in it as functions that fail. */
export function implementation(
	bindings: Pick<LoadedBindings<unknown>, "imports">,
	name: string,
	own: Readonly<Record<string, unknown>>,
): object {
	const found = bindings.imports.find((each) => each.name === name);
	if (found === undefined) throw new Error(`the world does not import ${name}`);
	const members: Record<string, unknown> = { ...own };
	for (const resource of Object.keys(found.resources)) members[pascalCase(resource)] ??= class {};
	for (const wit of Object.keys(found.functions)) {
		const [, kind, resource = "", member = wit] = /^\[(method|static|constructor)\]([^.]+)(?:\.(.+))?$/.exec(wit) ?? [];
		if (kind === "constructor") continue;
		const owner = Object(members[pascalCase(resource)]);
		const place: object = kind === undefined ? members : kind === "static" ? owner : owner.prototype;
		const missing: AnyFunction = () => {
			throw new Error(`${wit} is not part of the test`);
		};
		if (!Object.hasOwn(place, camelCase(member))) Object.defineProperty(place, camelCase(member), { value: missing, enumerable: true });
	}
	return members;
}
