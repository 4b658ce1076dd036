import { SpearError } from "../../../errors/spear-error.ts";
import { type FileRecord, isFileRecord } from "../files/file-record.ts";
import { isRecord } from "../toolchain.ts";

/** Version of the form of a prepared agent. Incremented when the former form could be misread. */
export const MANIFEST_FORMAT = 2;
export const MANIFEST_FILE = "manifest.json";
/** The plan of the component, as JSON. */
export const PLAN_FILE = "plan.json";
/** Source map of the guest's own code. */
export const SOURCE_MAP_FILE = "guest.js.map";

/** Most bytes of all files of a prepared agent. */
const MAX_TOTAL_BYTES = 512 * 1024 * 1024;
/** Most core modules. The same bound as for components. */
const MAX_MODULES = 64;

/** Contents and origin of a prepared agent. */
export interface Manifest {
	readonly format: number;
	/** The component that the agent was made from. */
	readonly component: FileRecord;
	readonly plan: FileRecord;
	/** Core modules, in the plan's order: `core-0.wasm` and so on. */
	readonly modules: readonly FileRecord[];
	readonly sourceMap?: FileRecord;
	/** Engine inside the guest, e.g. `quickjs`. Absent when `spear build` did not build the component. */
	readonly engine?: string;
	/** World that the agent was built for. Absent when `spear build` did not build the component. */
	readonly world?: string;
}

/** Returns the name of a core module's file. */
export function moduleFile(index: number): string {
	return `core-${index}.wasm`;
}

/** Returns the manifest as text, with its members in a fixed order: equal agents have equal files. */
export function manifestText(manifest: Manifest): string {
	return `${JSON.stringify(manifest, null, "\t")}\n`;
}

/**
 * Reads a manifest.
 *
 * @param where Names the file in messages.
 * @throws SpearError `invalid_request` naming the first fault.
 */
export function parseManifest(text: string, where: string): Manifest {
	let value: unknown;
	try {
		value = JSON.parse(text);
	} catch (cause) {
		throw broken(where, "is not JSON", cause);
	}
	if (!isRecord(value)) throw broken(where, "is not an object");
	if (value.format !== MANIFEST_FORMAT)
		throw broken(where, `has format ${JSON.stringify(value.format)}, and this release reads format ${MANIFEST_FORMAT}`);
	const { component, plan, modules, sourceMap, engine, world } = value;
	if (!isFileRecord(component)) throw broken(where, "lacks a valid `component`");
	if (!isFileRecord(plan)) throw broken(where, "lacks a valid `plan`");
	if (!Array.isArray(modules) || modules.length > MAX_MODULES || !modules.every(isFileRecord))
		throw broken(where, `lacks valid \`modules\` (at most ${MAX_MODULES})`);
	if (sourceMap !== undefined && !isFileRecord(sourceMap)) throw broken(where, "has an invalid `sourceMap`");
	const total = [plan, ...modules, ...(sourceMap === undefined ? [] : [sourceMap])].reduce((sum, { bytes }) => sum + bytes, 0);
	if (total > MAX_TOTAL_BYTES) throw broken(where, `describes ${total} bytes, more than the limit of ${MAX_TOTAL_BYTES}`);
	return {
		format: MANIFEST_FORMAT,
		component,
		plan,
		modules,
		...(sourceMap === undefined ? {} : { sourceMap }),
		...(typeof engine === "string" ? { engine } : {}),
		...(typeof world === "string" ? { world } : {}),
	};
}

/** Returns the error for a prepared agent that cannot be used. */
export function broken(where: string, what: string, cause?: unknown): SpearError {
	return new SpearError(
		"invalid_request",
		`${where} ${what}; prepare the agent again with \`spear build\``,
		cause === undefined ? {} : { cause },
	);
}
