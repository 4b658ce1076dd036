/** Backend kinds of packages outside this one, which `[host] kinds` names. */
import type { BackendKind } from "../backends/backend.ts";
import type { Kinds } from "../config/backend-settings.ts";
import type { ModuleFault } from "../config/read-config.ts";
import { causeChain } from "../errors/cause-chain.ts";
import { resolveModule } from "./resolve-module.ts";

/** The kinds of a configuration, and the faults of those that cannot be used. */
export interface ExternalKinds {
	readonly kinds: Kinds;
	readonly faults: readonly ModuleFault[];
}

/**
 * Imports modules with backend kinds. Their code runs with the host's rights: only the operator names them, in the configuration.
 *
 * @param modules Names of packages, and paths that begin with `./`, `../` or `/`.
 * @param folder Folder that packages and paths are resolved from: that of the configuration's file.
 * @param kinds The kinds of this build and of the embedder.
 */
export async function withExternalKinds(modules: readonly string[], folder: string, kinds: Kinds): Promise<ExternalKinds> {
	const added: BackendKind[] = [];
	const faults: ModuleFault[] = [];
	for (const [index, name] of modules.entries()) {
		const loaded = await load(name, folder);
		if (typeof loaded === "string") {
			faults.push({ index, message: loaded });
			continue;
		}
		const taken = loaded.find((kind) => [...kinds.enabled, ...added].some((other) => other.name === kind.name));
		if (taken === undefined) added.push(...loaded);
		else
			faults.push({
				index,
				message: `'${name}' exports the kind '${taken.name}', but there is a kind of this name; give one another name`,
			});
	}
	return { kinds: merged(kinds, added), faults };
}

function merged({ enabled, disabled }: Kinds, added: readonly BackendKind[]): Kinds {
	const names = added.map(({ name }) => name);
	return { enabled: [...enabled, ...added], disabled: disabled.filter((name) => !names.includes(name)) };
}

/** Returns the kinds of a module, or the reason why there are none. */
async function load(name: string, folder: string): Promise<readonly BackendKind[] | string> {
	const url = resolveModule(name, folder);
	if (url === undefined) return notFound(name, folder);
	try {
		const module: unknown = await import(url);
		return kindsOf(name, module);
	} catch (thrown) {
		return `'${name}' fails when it is imported: ${causeChain(thrown)}`;
	}
}

function notFound(name: string, folder: string): string {
	return /^[./]/.test(name)
		? `there is no module '${name}' in ${folder}; name a file, such as './my-kind/index.js'`
		: `the package '${name}' is not installed for ${folder}; install it there with npm, or name a file that begins with './'`;
}

function kindsOf(name: string, module: unknown): readonly BackendKind[] | string {
	if (typeof module !== "object" || module === null) return `'${name}' is no module`;
	const exported: unknown = Reflect.get(module, "backendKinds") ?? Reflect.get(module, "default");
	const kinds: readonly unknown[] = Array.isArray(exported) ? exported : [exported];
	if (kinds.length > 0 && kinds.every(isKind)) return kinds;
	return `'${name}' exports no backend kind; export what defineBackend returns as default, or a list of them as backendKinds`;
}

function isKind(value: unknown): value is BackendKind {
	if (typeof value !== "object" || value === null || !("name" in value) || !("create" in value)) return false;
	return typeof value.name === "string" && typeof value.create === "function";
}
