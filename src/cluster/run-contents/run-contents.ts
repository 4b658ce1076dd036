import { parseJson } from "../../formats/json.ts";
import { decodeUtf8 } from "../../formats/utf8.ts";
import type { ContentSeal } from "../content-seal.ts";
import { StoreError } from "../store-error.ts";
import { type RunInput, readInput } from "./run-input.ts";
import { type RunResult, readResult } from "./run-result.ts";
import { type RunStep, readStep } from "./run-step.ts";

/** Writes and reads what the store holds of runs: input, steps and result. Each content is sealed for its run and its kind. */
export class RunContents {
	readonly #seal: ContentSeal;

	constructor(seal: ContentSeal) {
		this.#seal = seal;
	}

	/** @throws SpearError `not_permitted` if the store may hold no contents. */
	check(): void {
		this.#seal.check("runs");
	}

	sealInput(id: string, input: RunInput): Uint8Array {
		return this.#sealed(input, inputPlace(id));
	}

	/** @throws StoreError `invalid_value`, as each function that opens. */
	openInput(id: string, stored: Uint8Array): RunInput {
		return this.#opened(stored, inputPlace(id), readInput);
	}

	sealStep(id: string, attempt: number, step: RunStep): Uint8Array {
		return this.#sealed(step, stepPlace(id, attempt));
	}

	openStep(id: string, attempt: number, stored: Uint8Array): RunStep {
		return this.#opened(stored, stepPlace(id, attempt), readStep);
	}

	sealResult(id: string, result: RunResult): Uint8Array {
		return this.#sealed(result, resultPlace(id));
	}

	openResult(id: string, stored: Uint8Array): RunResult {
		return this.#opened(stored, resultPlace(id), readResult);
	}

	#sealed(value: object, place: string): Uint8Array {
		return this.#seal.seal(Buffer.from(JSON.stringify(value)), place);
	}

	#opened<T>(stored: Uint8Array, place: string, read: (value: unknown) => T | undefined): T {
		const content = this.#seal.open(stored, place);
		let value: unknown;
		try {
			value = parseJson(decodeUtf8(content));
		} catch (cause) {
			throw new StoreError("invalid_value", `${place}: the content is not JSON`, { cause });
		}
		const found = read(value);
		if (found === undefined)
			throw new StoreError("invalid_value", `${place}: the content has another form; hosts must run the same version`);
		return found;
	}
}

function inputPlace(id: string): string {
	return `run/${id}/input`;
}

function stepPlace(id: string, attempt: number): string {
	return `run/${id}/steps/${attempt}`;
}

function resultPlace(id: string): string {
	return `run/${id}/result`;
}
