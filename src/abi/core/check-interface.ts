import { SpearError } from "../../errors/spear-error.ts";
import type { CoreImport, CoreInterface } from "../binary/core-interface.ts";
import type { OfferedImports } from "./offered-imports.ts";
import { signatureText } from "./signature-text.ts";

/** Function at which a run begins. */
export const ENTRY = "_start";

/** Most faults, and most names, that one message lists. */
const MAX_LISTED = 5;

/** Most characters of a guest's name in a message. */
const MAX_NAME = 100;

/** Modules of imports that are known to come from a build for another host, and what to do about each. */
const KNOWN_MODULES: readonly { readonly module: RegExp; readonly advice: string }[] = [
	{
		module: /:|^cm32p2/,
		advice: "this is the core module of a component; make the component first (`jco new`, `wasm-tools component new`, or `spear build`)",
	},
	{
		module: /^env$/,
		advice:
			'nothing defines it in the build, and the linker made an import of it (`--allow-undefined`); link what defines it, or declare it with the import module "spear"',
	},
	{ module: /^wasi_unstable$/, advice: "this is an early draft of WASI; build for wasm32-wasip1" },
	{ module: /^go(?:js)?$/, advice: "this is Go for browsers; build with GOOS=wasip1 GOARCH=wasm" },
	{ module: /^wbg$|^__wbindgen/, advice: "this is Rust for browsers; build for the target wasm32-wasip1, without wasm-bindgen" },
];

/**
 * Checks that a core module imports only what the host offers, by name and type, and that it has an entry.
 *
 * @throws SpearError `invalid_request` with what to do about each of the first faults.
 */
export function checkCoreInterface(name: string, { imports, exports }: CoreInterface, offered: OfferedImports): void {
	const faults = new Set(imports.flatMap((each) => importFault(each, offered) ?? []));
	const entry = entryFault(exports);
	if (entry !== undefined) faults.add(entry);
	if (faults.size === 0) return;
	const listed = [...faults].slice(0, MAX_LISTED);
	const more = faults.size > listed.length ? `; and ${faults.size - listed.length} more` : "";
	throw new SpearError("invalid_request", `${name} cannot be loaded: ${listed.join("; ")}${more}`);
}

function importFault(found: CoreImport, offered: OfferedImports): string | undefined {
	const { module, name, sort, signature } = found;
	const imported = `it imports ${quoted(module)} ${quoted(name)}`;
	if (sort !== "core function") {
		const what = sort.slice("core ".length);
		const advice =
			what === "memory" || what === "table"
				? `define the ${what} in the module, and export it (wasm-ld: without \`--import-${what}\`)`
				: "build it without position-independent code, and link it statically";
		return `${imported}, a ${what}, and this host offers only functions; ${advice}`;
	}
	const known = offered.find(module, name);
	if (known === undefined) {
		if (!offered.modules.includes(module)) return `${imported}, and this host has no such module: ${adviceFor(module, offered)}`;
		return `${imported}, which this host does not offer; it has ${listOf(offered.similar(module, name))}`;
	}
	if (known.signature === signature) return undefined;
	return `${imported} with the type ${signatureText(signature)}, and it has the type ${signatureText(known.signature)}; correct the declaration`;
}

function adviceFor(module: string, offered: OfferedImports): string {
	const known = KNOWN_MODULES.find((each) => each.module.test(module));
	return known?.advice ?? `it has ${offered.modules.map(quoted).join(" and ")}`;
}

function entryFault(exports: CoreInterface["exports"]): string | undefined {
	const entry = exports.get(ENTRY);
	if (entry !== undefined) {
		if (entry.sort !== "core function") return `its export ${ENTRY} is a ${entry.sort.slice("core ".length)}, and must be a function`;
		if (entry.signature.startsWith(">")) return undefined;
		return `its export ${ENTRY} has the type ${signatureText(entry.signature)}, and must have no parameters`;
	}
	if (exports.has("_initialize"))
		return `it exports _initialize and no ${ENTRY}: it is a library (a reactor of WASI); build it as a command, with \`main\` (clang: without \`-mexec-model=reactor\`; Rust: not as \`cdylib\`; Go: without \`-buildmode=c-shared\`)`;
	const functions = [...exports].filter(([, { sort }]) => sort === "core function").map(([name]) => name);
	const has = functions.length === 0 ? "no function" : listOf(functions);
	return `it exports no function ${ENTRY}, at which a run begins; it exports ${has}; build it as a command, with \`main\``;
}

function listOf(names: readonly string[]): string {
	const listed = names.slice(0, MAX_LISTED).map(quoted);
	return `${listed.join(", ")}${names.length > listed.length ? ", …" : ""}`;
}

/** Returns a name of the guest for a message: such a name can hold any text. */
function quoted(name: string): string {
	const short = name.length > MAX_NAME ? `${name.slice(0, MAX_NAME)}…` : name;
	return /^[\w.:/@$-]+$/.test(short) ? short : JSON.stringify(short);
}
