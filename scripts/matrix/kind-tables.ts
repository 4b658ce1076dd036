import { backendKinds } from "../../generated/registry.ts";
import type { Backend, BackendKind, InstanceConfig } from "../../src/backends/backend.ts";
import { llamaCppKind } from "../../src/backends/kinds/llama-cpp/index.ts";
import type { KindTables } from "./matrix.ts";

/** Configuration of a kind for the matrix: the least that the kind accepts, so that every option has its default. */
const CONFIGS: { readonly [kind: string]: Partial<InstanceConfig> } = {
	"llama-cpp": { options: { model_paths: { model: "model.gguf" } } },
};

/** Kinds that stand in for those whose optional package need not be installed. */
const STAND_INS: ReadonlyMap<string, BackendKind> = new Map([
	["llama-cpp", llamaCppKind({ isInstalled: () => true, import: () => Promise.reject(new Error("the matrix needs no model")) })],
]);

const ANY: Omit<InstanceConfig, "kind"> = { name: "example", base_url: "https://api.example.com/v1", models: ["model"], options: {} };

/** Returns the tables of every kind of this package, with the default options of the kind. */
export async function tablesOfKinds(kinds: readonly BackendKind[] = backendKinds): Promise<KindTables[]> {
	const tables: KindTables[] = [];
	for (const kind of kinds) {
		const backend = exampleBackend(kind);
		tables.push({
			kind: kind.name,
			tables: new Map(Object.entries(backend.capabilities).map(([operation, { rules }]) => [operation, rules])),
		});
		await backend.close();
	}
	return tables;
}

/**
 * Returns an instance of a kind with the default options of the kind.
 *
 * @param more Configuration in place of the example's.
 */
export function exampleBackend(kind: BackendKind, more: Partial<InstanceConfig> = {}): Backend {
	try {
		return (STAND_INS.get(kind.name) ?? kind).create({ ...ANY, ...CONFIGS[kind.name], ...more, kind: kind.name });
	} catch (cause) {
		throw new Error(`scripts/matrix/kind-tables.ts: '${kind.name}' needs a configuration of its own in CONFIGS`, { cause });
	}
}
