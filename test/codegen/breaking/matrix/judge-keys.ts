/**
 * Judges by the engine's type keys: does a guest that uses all of a world before link with a host that offers the world of today?
 * The keys are those of the generated lowering, made by the emitter of the lowering, which knows nothing of the comparison.
 */
import { track } from "../../../../codegen/breaking/compare-packages.ts";
import { definitionKey, functionKey } from "../../../../codegen/emit/kit/lowering/key.ts";
import type { PlainDef } from "../../../../codegen/emit/kit/lowering/layout.ts";
import { UnsupportedType } from "../../../../codegen/model/carried/data-types.ts";
import type { Func, Interface, Model, World } from "../../../../codegen/model/model.ts";
import { compareSemver } from "../../../../codegen/wit/semver.ts";
import type { Judgement } from "./judge-official.ts";

export function judgeByKeys(before: Model, after: Model): Judgement {
	try {
		const pairs = before.main.worlds.flatMap((world) => {
			const successor = after.main.worlds.find(({ name }) => name === world.name);
			return successor === undefined ? [] : [[world, successor] as const];
		});
		const alone = interfacesOfNoWorld(before).map(offerOf);
		const links =
			offers(after.main.interfaces.map(offerOf), alone, isOffered) &&
			pairs.every(
				([old, now]) =>
					offers(ports(now, "imports"), ports(old, "imports"), isOffered) &&
					offers(ports(old, "exports"), ports(now, "exports"), isSameTrack),
			);
		return links ? "links" : "refused";
	} catch (cause) {
		// The engine supports neither asynchronous functions nor their types.
		if (cause instanceof UnsupportedType) return "not judged";
		throw cause;
	}
}

/** Interfaces of the package that no world imports or exports. A guest may import them in a world of its own. */
export function interfacesOfNoWorld({ main }: Model): Interface[] {
	const items = main.worlds.flatMap((world) => [...world.imports, ...world.exports]);
	const named = new Set(items.flatMap((item) => (item.kind === "interface" ? [item.interface] : [])));
	return main.interfaces.filter((iface) => !named.has(iface));
}

interface Offer {
	/** Name without the version. */
	readonly name: string;
	readonly version: string | undefined;
	/** Type keys by the name of the function. */
	readonly functions: ReadonlyMap<string, string>;
}

type VersionTest = (offered: string | undefined, wanted: string | undefined) => boolean;

function offers(offered: readonly Offer[], wanted: readonly Offer[], fits: VersionTest): boolean {
	return wanted.every((want) => {
		const candidates = offered.filter(({ name, version }) => name === want.name && fits(version, want.version));
		return candidates.some(({ functions }) => [...want.functions].every(([name, key]) => functions.get(name) === key));
	});
}

/** As in the engine: nothing newer than what the host offers. A host that calls an export takes any version of the track. */
function isOffered(offered: string | undefined, wanted: string | undefined): boolean {
	return isSameTrack(offered, wanted) && (offered === undefined || wanted === undefined || compareSemver(offered, wanted) >= 0);
}

function isSameTrack(offered: string | undefined, wanted: string | undefined): boolean {
	return track(`a@${offered ?? ""}`) === track(`a@${wanted ?? ""}`);
}

function ports(world: World, direction: "imports" | "exports"): Offer[] {
	return world[direction].map((item) => {
		if (item.kind === "function")
			return { name: item.func.name, version: undefined, functions: new Map([[item.func.name, keyOf(item.func)]]) };
		return item.name === undefined ? offerOf(item.interface) : { ...offerOf(item.interface), name: item.name, version: undefined };
	});
}

function offerOf(iface: Interface): Offer {
	const { namespace, name, version } = iface.package;
	return { name: `${namespace}:${name}/${iface.name}`, version, functions: functionsOf(iface) };
}

function functionsOf(iface: Interface): Map<string, string> {
	const resources = iface.types.flatMap((def) => (def.kind === "resource" ? [def] : []));
	const functions = [
		...iface.functions,
		...resources.flatMap((def) => [...(def.constructorFunc === undefined ? [] : [def.constructorFunc]), ...def.functions]),
	];
	const drops = resources.map(({ name }) => [`[resource-drop]${name}`, ""] as const);
	return new Map([...functions.map((func) => [importedName(func), keyOf(func)] as const), ...drops]);
}

function importedName({ kind, name, resource }: Func): string {
	if (kind === "freestanding" || resource === undefined) return name;
	return kind === "constructor" ? `[constructor]${resource.name}` : `[${kind}]${resource.name}.${name}`;
}

function keyOf(func: Func): string {
	if (func.async) throw new UnsupportedType("an asynchronous function", func.span);
	const definition = (def: PlainDef): string => definitionKey(def, definition);
	return functionKey(func, definition);
}
