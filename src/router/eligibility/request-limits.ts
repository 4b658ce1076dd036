import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";

/** Pairs of a limit and what of a request it bounds. */
const BOUNDS: readonly (readonly [keyof ModelLimits, (size: RequestSize) => number | undefined])[] = [
	["context_tokens", ({ input_tokens, output_tokens }) => (input_tokens === undefined ? undefined : input_tokens + (output_tokens ?? 0))],
	["output_tokens", ({ output_tokens }) => output_tokens],
	["characters", ({ characters }) => characters],
	["batch", ({ items }) => items],
	["images", ({ images }) => images],
	["image_pixels", ({ image_pixels }) => image_pixels],
	["audio_seconds", ({ audio_seconds }) => audio_seconds],
];

/** The first limit that a request exceeds, in words; `undefined` when it keeps all. What is unknown exceeds nothing. */
export function exceeds(limits: ModelLimits, size: RequestSize | undefined): string | undefined {
	if (size === undefined) return undefined;
	for (const [name, of] of BOUNDS) {
		const [limit, amount] = [limits[name], of(size)];
		if (limit !== undefined && amount !== undefined && amount > limit)
			return `${name}: ${Math.round(amount * 10) / 10} of at most ${limit}`;
	}
	return undefined;
}

/** Whether limits say anything at all. */
export function isUnlimited(limits: ModelLimits): boolean {
	return BOUNDS.every(([name]) => limits[name] === undefined);
}
