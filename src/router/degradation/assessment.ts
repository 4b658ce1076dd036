import { REQUEST_FIELDS, type RequestFields } from "../../../generated/ir/fields/operations.ts";
import { demandedFeatures, type Feature, type Operation, type OperationMap } from "../../../generated/ir/operations.ts";
import type * as types from "../../../generated/ir/types.ts";
import { payloads } from "../../../generated/schema/validate/operations.js";
import type { Validator } from "../../../generated/schema/validate/validator.d.ts";
import { MAX_DOWNGRADES } from "../../operations/downgrades.ts";
import type { Effect } from "./effects.ts";
import { withoutField } from "./remove-field.ts";
import { caseOf } from "./rule-index.ts";

/** The treatment of one request by the instances with one table of rules. */
export interface Assessment {
	/** Reason for which the instances reject the request, beginning with the field. `undefined` if they accept it. */
	readonly rejection: string | undefined;
	/** Fields that are emulated or dropped. Each field appears once. */
	readonly downgrades: readonly types.Downgrade[];
	/** The payload without the fields that the host removes in place of a rejection. `undefined` if it removes none. */
	readonly payload: unknown;
	/** Features of fields whose rejection is replaced. The instances need not offer these features. */
	readonly replacedFeatures: ReadonlySet<string>;
}

const NO_FEATURES: ReadonlySet<string> = new Set();

/** Returns the assessment that follows from the effects of a table's rules, without a look at the payload. */
export function assessed(effects: Iterable<Effect>): Assessment {
	const downgrades = new Map<string, types.Downgrade>();
	for (const { field, outcome } of effects) {
		const { effect, detail } = outcome;
		if (effect === "rejected") return rejected(`${field}: ${detail}`);
		if (downgrades.size < MAX_DOWNGRADES && !downgrades.has(field)) downgrades.set(field, { field, effect, detail });
	}
	return { rejection: undefined, downgrades: [...downgrades.values()], payload: undefined, replacedFeatures: NO_FEATURES };
}

function rejected(rejection: string): Assessment {
	return { rejection, downgrades: [], payload: undefined, replacedFeatures: NO_FEATURES };
}

/** The parts of a request that are assessed. */
export interface AssessedRequest<O extends Operation> {
	readonly operation: O;
	readonly payload: OperationMap[O]["payload"];
}

/**
 * Returns an assessment in which rejections are replaced: fields that are dropped in place of a rejection are not in the payload, and
 * their features need not be offered. A request that is invalid without such a field is rejected.
 *
 * @param effects The effects of the table's rules on the request.
 */
export function withReplacements<O extends Operation>(
	request: AssessedRequest<O>,
	effects: readonly Effect[],
	assessment: Assessment,
): Assessment {
	const replaced = effects.filter(({ outcome }) => outcome.effect !== "rejected" && outcome.replacesRejection);
	if (assessment.rejection !== undefined || replaced.length === 0) return assessment;
	const validators: { readonly [P in Operation]: Validator<OperationMap[P]["payload"]> } = payloads;
	let payload = request.payload;
	for (const effect of replaced.filter(({ outcome }) => outcome.effect === "dropped")) {
		const left = withoutField(payload, effect.field, (value) => isCase(effect, value, request.payload));
		if (left === payload) continue;
		if (left === undefined || !validators[request.operation](left)) return rejected(`${effect.field}: the request is invalid without it`);
		payload = left;
	}
	return {
		...assessment,
		...(payload === request.payload ? {} : { payload }),
		replacedFeatures: replacedFeatures(request, payload, replaced),
	};
}

/** Features that the request demands and that `payload` does not, apart from fields whose rejection is replaced. */
function replacedFeatures<O extends Operation>(
	request: AssessedRequest<O>,
	payload: OperationMap[O]["payload"],
	replaced: readonly Effect[],
): ReadonlySet<string> {
	const fields: { readonly [P in Operation]: RequestFields<P> } = REQUEST_FIELDS;
	const { FEATURE_DEMANDS, walkFields } = fields[request.operation];
	const needed = new Set<Feature>();
	walkFields(payload, (name: string, value: unknown) => {
		for (const { field, feature, onlyIfTrue } of FEATURE_DEMANDS) {
			if (field !== name || (onlyIfTrue && value !== true)) continue;
			if (!replaced.some((effect) => effect.field === name && isCase(effect, value, request.payload))) needed.add(feature);
		}
	});
	const demanded: ReadonlySet<Feature> = demandedFeatures[request.operation](request.payload);
	return new Set([...demanded].filter((feature) => !needed.has(feature)));
}

/** True if the case of an effect applies to a value of its field. */
function isCase({ id, rule }: Effect, value: unknown, payload: unknown): boolean {
	return rule.firstCase + caseOf(rule.rule, value, payload) === id;
}
