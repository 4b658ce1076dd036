import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { Demand } from "../../../generated/ir/envelope.ts";

/** Pairs of a limit and what of a request it bounds. */
const BOUNDS: readonly (readonly [keyof ModelLimits, (demand: Demand) => number | undefined])[] = [
	["context_tokens", ({ input_tokens, output_tokens }) => (input_tokens === undefined ? undefined : input_tokens + (output_tokens ?? 0))],
	["output_tokens", ({ output_tokens }) => output_tokens],
	["characters", ({ characters }) => characters],
	["batch", ({ items }) => items],
	["images", ({ images }) => images],
	["image_pixels", ({ image_pixels }) => image_pixels],
	["audio_seconds", ({ audio_seconds }) => audio_seconds],
];

/** The first limit that a request exceeds, in words; `undefined` when it keeps all. What is unknown exceeds nothing. */
export function exceeds(limits: ModelLimits, demand: Demand | undefined): string | undefined {
	if (demand === undefined) return undefined;
	for (const [name, of] of BOUNDS) {
		const [limit, size] = [limits[name], of(demand)];
		if (limit !== undefined && size !== undefined && size > limit) return `${name}: ${Math.round(size * 10) / 10} of at most ${limit}`;
	}
	return undefined;
}

/** Whether limits say anything at all. */
export function isUnlimited(limits: ModelLimits): boolean {
	return BOUNDS.every(([name]) => limits[name] === undefined);
}
