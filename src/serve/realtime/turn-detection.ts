import type * as rt from "../../../generated/ir/rt.ts";
import { unsupported } from "../openai/errors.ts";
import type { Fields, JsonRecord } from "../openai/fields.ts";

const MAX_MS = 0xffff_ffff;

/** Returns the detection that a client asks for. `undefined` if it names none. */
export function turnDetectionOf(fields: Fields | undefined): rt.TurnDetection | undefined {
	if (fields === undefined) return undefined;
	const type = fields.oneOf("type", ["server_vad", "semantic_vad"] as const) ?? "server_vad";
	for (const name of ["create_response", "interrupt_response"])
		if (fields.boolean(name) === false) throw unsupported(fields.at(name), "must be true: an upstream answers each turn that it detects");
	if (type === "semantic_vad") {
		const eagerness = fields.oneOf("eagerness", ["auto", "low", "medium", "high"] as const) ?? "auto";
		fields.assertNoRest();
		return { type, semantic_vad: eagerness };
	}
	const threshold = fields.number("threshold", { min: 0, max: 1 });
	const padding = fields.number("prefix_padding_ms", { integer: true, min: 0, max: MAX_MS });
	const silence = fields.number("silence_duration_ms", { integer: true, min: 0, max: MAX_MS });
	fields.assertNoRest();
	return {
		type,
		server_vad: {
			...(threshold === undefined ? {} : { threshold }),
			...(padding === undefined ? {} : { prefix_padding_ms: padding }),
			...(silence === undefined ? {} : { silence_duration_ms: silence }),
		},
	};
}

/** Returns a detection as events describe it. */
export function turnDetectionView(detection: rt.TurnDetection): JsonRecord | null {
	switch (detection.type) {
		case "manual":
			return null;
		case "server_vad":
			return { type: "server_vad", ...detection.server_vad };
		case "semantic_vad":
			return { type: "semantic_vad", eagerness: detection.semantic_vad };
	}
}
