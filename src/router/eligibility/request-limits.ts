import type { ModelLimits } from "../../../generated/ir/config.ts";
import type { RequestSize } from "../../../generated/ir/envelope.ts";

/** Each limit, and the amount of a request that it bounds. */
const BOUNDS: readonly (readonly [keyof ModelLimits, (size: RequestSize) => number | undefined])[] = [
	["context_tokens", ({ input_tokens, output_tokens }) => (input_tokens === undefined ? undefined : input_tokens + (output_tokens ?? 0))],
	["output_tokens", ({ output_tokens }) => output_tokens],
	["characters", ({ characters }) => characters],
	["batch", ({ items }) => items],
	["images", ({ images }) => images],
	["image_pixels", ({ image_pixels }) => image_pixels],
	["audio_seconds", ({ audio_seconds }) => audio_seconds],
];

/** Returns a description of the first limit that the request exceeds; `undefined` for none. An unknown amount exceeds no limit. */
export function exceeds(limits: ModelLimits, size: RequestSize | undefined): string | undefined {
	if (size === undefined) return undefined;
	for (const [name, amountOf] of BOUNDS) {
		const limit = limits[name];
		if (limit === undefined) continue;
		const amount = amountOf(size);
		if (amount !== undefined && amount > limit) return `${name}: ${Math.round(amount * 10) / 10} of at most ${limit}`;
	}
	return undefined;
}

/** Returns true if the limits bound no amount that `exceeds` compares. */
export function isUnlimited(limits: ModelLimits): boolean {
	return BOUNDS.every(([name]) => limits[name] === undefined);
}
