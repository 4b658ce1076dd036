import { test } from "uvu";
import * as assert from "uvu/assert";
import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";
import { NO_GUEST } from "../../../src/identity/guest-identity.ts";
import type { Instance } from "../../../src/router/instances/instance.ts";
import type { CandidateSet } from "../../../src/router/load-balancing/candidate-set.ts";
import { chatEnvelope } from "../../helpers/chat.ts";
import { fakeInstance } from "../../helpers/instances.ts";
import { tableOf } from "../eligibility/table.ts";

function candidatesOf(instances: readonly Instance[]): CandidateSet {
	return tableOf(instances).resolve(chatEnvelope(), NO_GUEST).candidates;
}

test("a candidate set reuses its availability for 5 microseconds per member", () => {
	const candidates = candidatesOf(Array.from({ length: 200 }, (_, index) => fakeInstance(`i${index}`)));
	const first = candidates.availability(10);
	assert.is(candidates.availability(10.99), first);
	assert.is.not(candidates.availability(11), first);
});

test("a candidate set has the same set for sizes that keep the same limits", () => {
	const candidates = candidatesOf([fakeInstance("small", { limits: { context_tokens: 10 } }), fakeInstance("large")]);
	const within = candidates.forSize({ input_tokens: 10 });
	const [beyond, further] = [candidates.forSize({ input_tokens: 11 }), candidates.forSize({ input_tokens: 99 })];
	assert.is(within, candidates);
	assert.is(beyond, further);
	assert.equal(
		[...beyond.members].map(({ name }) => name),
		["large"],
	);
});

const LIMITS = [{ context_tokens: 1 }, { output_tokens: 1 }, { batch: 1 }, { images: 1 }, { characters: 1 }] satisfies ModelLimits[];
const EXCESS = [{ input_tokens: 2 }, { output_tokens: 2 }, { items: 2 }, { images: 2 }, { characters: 2 }] satisfies RequestSize[];

test("a candidate set keeps at most 16 sets by size", () => {
	const candidates = candidatesOf(LIMITS.map((limits, index) => fakeInstance(`i${index}`, { limits })));
	const sizeOf = (combination: number): RequestSize => Object.assign({}, ...EXCESS.filter((_, index) => (combination >> index) % 2 === 1));
	const first = candidates.forSize(sizeOf(1));
	for (let combination = 2; combination <= 16; combination++) candidates.forSize(sizeOf(combination));
	assert.is(candidates.forSize(sizeOf(1)), first);
	candidates.forSize(sizeOf(17));
	assert.is.not(candidates.forSize(sizeOf(1)), first);
});

test.run();
