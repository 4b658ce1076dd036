import { GuestError } from "../errors/guest-error.ts";

/**
 * A validator of any library that follows Standard Schema, such as zod or valibot.
 *
 * @see https://standardschema.dev
 */
export interface AnswerValidator<Output> {
	readonly "~standard": {
		readonly version: 1;
		readonly validate: (value: unknown) => ValidatorResult<Output> | Promise<ValidatorResult<Output>>;
	};
}

type ValidatorResult<Output> =
	| { readonly value: Output; readonly issues?: undefined }
	| { readonly issues: readonly { readonly message: string; readonly path?: readonly unknown[] | undefined }[] };

/**
 * Returns the value of a guest's answer in JSON.
 *
 * @throws GuestError for an answer that is no JSON, or that the validator refuses.
 */
export async function jsonAnswer<Output>(answer: string, validator: AnswerValidator<Output> | undefined): Promise<unknown> {
	let value: unknown;
	try {
		value = JSON.parse(answer);
	} catch (cause) {
		throw new GuestError("failed", `the answer of the guest is no JSON: ${cause instanceof Error ? cause.message : cause}`, { cause });
	}
	if (validator === undefined) return value;
	const result = await validator["~standard"].validate(value);
	if (result.issues === undefined) return result.value;
	const faults = result.issues.map(({ message, path = [] }) => (path.length === 0 ? message : `${path.map(keyOf).join(".")}: ${message}`));
	throw new GuestError("failed", `the answer of the guest does not have the expected form: ${faults.join("; ")}`);
}

function keyOf(step: unknown): string {
	return String(typeof step === "object" && step !== null && "key" in step ? step.key : step);
}
