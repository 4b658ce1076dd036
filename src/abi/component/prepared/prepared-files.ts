import { fileRecord } from "../files/file-record.ts";
import type { PreparedAgent } from "../prepare.ts";
import { MANIFEST_FILE, MANIFEST_FORMAT, type Manifest, manifestText, moduleFile, PLAN_FILE, SOURCE_MAP_FILE } from "./manifest.ts";

/** Facts about a component that its bytes do not tell. */
export interface Origin {
	readonly component: Uint8Array;
	readonly engine?: string;
	readonly world?: string;
}

/** Files of a prepared agent by name. Equal agents have equal files. */
export function preparedFiles(agent: PreparedAgent, { component, engine, world }: Origin): Map<string, Uint8Array | string> {
	const plan = `${JSON.stringify(agent.plan)}\n`;
	const { sourceMap } = agent;
	const manifest: Manifest = {
		format: MANIFEST_FORMAT,
		component: fileRecord(component),
		plan: fileRecord(plan),
		modules: agent.modules.map(fileRecord),
		...(sourceMap === undefined ? {} : { sourceMap: fileRecord(sourceMap) }),
		...(engine === undefined ? {} : { engine }),
		...(world === undefined ? {} : { world }),
	};
	return new Map<string, Uint8Array | string>([
		...agent.modules.map((bytes, index) => [moduleFile(index), bytes] as const),
		[PLAN_FILE, plan],
		...(sourceMap === undefined ? [] : [[SOURCE_MAP_FILE, sourceMap] as const]),
		[MANIFEST_FILE, manifestText(manifest)],
	]);
}
