/** Backend kinds of packages outside this one, which `[host] kinds` names. */
import { within } from "../async/within.ts";
import type { BackendKind } from "../backends/backend.ts";
import type { Kinds } from "../config/backend-settings.ts";
import type { ModuleFault } from "../config/read-config.ts";
import { causeChain } from "../errors/cause-chain.ts";
import { fileFault } from "../errors/file-fault.ts";
import { guestName } from "../errors/guest-name.ts";
import { resolveModule } from "../packages/resolve-module.ts";
import { isKind, kindFault } from "./kind-fault.ts";

/** Longest time of one import, in milliseconds. Otherwise a module that waits for ever would prevent the start, and say nothing. */
const IMPORT_TIMEOUT_MS = 30_000;

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
 * @param importTimeoutMs Longest time of one import. The default is 30 seconds.
 */
export async function withExternalKinds(
	modules: readonly string[],
	folder: string,
	kinds: Kinds,
	importTimeoutMs = IMPORT_TIMEOUT_MS,
): Promise<ExternalKinds> {
	const added: BackendKind[] = [];
	const faults: ModuleFault[] = [];
	for (const [index, name] of modules.entries()) {
		const loaded = await load(name, folder, importTimeoutMs);
		if (typeof loaded === "string") {
			faults.push({ index, message: loaded });
			continue;
		}
		const fault = addKinds(loaded, added, kinds.enabled);
		if (fault !== undefined) faults.push({ index, message: `'${guestName(name)}' exports a kind that cannot be used: ${fault}` });
	}
	return { kinds: merged(kinds, added), faults };
}

/** Adds kinds up to the first that cannot be used. Returns its fault, or `undefined`. */
function addKinds(loaded: readonly BackendKind[], added: BackendKind[], others: readonly BackendKind[]): string | undefined {
	for (const kind of loaded) {
		const fault = kindFault(kind, [...others, ...added]);
		if (fault !== undefined) return fault;
		added.push(kind);
	}
	return undefined;
}

function merged({ enabled, disabled }: Kinds, added: readonly BackendKind[]): Kinds {
	const names = added.map(({ name }) => name);
	return { enabled: [...enabled, ...added], disabled: disabled.filter((name) => !names.includes(name)) };
}

/** Returns the kinds of a module, or the reason why there are none. */
async function load(name: string, folder: string, timeoutMs: number): Promise<readonly BackendKind[] | string> {
	const shown = guestName(name);
	const url = urlOf(name, folder);
	if (typeof url !== "string") return url === undefined ? notFound(shown, folder) : `'${shown}' cannot be found: ${url.fault}`;
	try {
		const imported: Promise<unknown> = import(url);
		const module = await within(imported, timeoutMs, () => new Error(`it takes longer than ${timeoutMs} ms; connect in the first call`));
		return kindsOf(shown, module);
	} catch (thrown) {
		return `'${shown}' fails when it is imported: ${causeChain(thrown)}`;
	}
}

/** Returns the URL of a module, `undefined` if there is none, or the reason why it cannot be looked for. */
function urlOf(name: string, folder: string): string | undefined | { readonly fault: string } {
	if (name.includes("\0")) return undefined;
	try {
		return resolveModule(name, folder);
	} catch (thrown) {
		return { fault: fileFault(thrown) };
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
