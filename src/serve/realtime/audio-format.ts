import type * as rt from "../../../generated/ir/rt.ts";
import { invalid } from "../openai/errors.ts";
import type { Fields, JsonRecord } from "../openai/fields.ts";

const VIEWS: { readonly [F in rt.AudioFormat]: JsonRecord } = {
	pcm16: { type: "audio/pcm", rate: 24_000 },
	g711_ulaw: { type: "audio/pcmu" },
	g711_alaw: { type: "audio/pcma" },
};

const TYPES = ["audio/pcm", "audio/pcmu", "audio/pcma"] as const;

const BY_TYPE: { readonly [T in (typeof TYPES)[number]]: rt.AudioFormat } = {
	"audio/pcm": "pcm16",
	"audio/pcmu": "g711_ulaw",
	"audio/pcma": "g711_alaw",
};

/** Returns the format that a client names. */
export function formatOf(fields: Fields | undefined): rt.AudioFormat | undefined {
	if (fields === undefined) return undefined;
	const type = fields.oneOf("type", TYPES);
	const rate = fields.number("rate");
	fields.assertNoRest();
	if (type === undefined) throw invalid(fields.at("type"), `is required: one of ${TYPES.join(", ")}`);
	if (rate !== undefined && (type !== "audio/pcm" || rate !== 24_000))
		throw invalid(fields.at("rate"), "must be 24000, and only for audio/pcm");
	return BY_TYPE[type];
}

/** Returns a format as events describe it. */
export function formatView(format: rt.AudioFormat = "pcm16"): JsonRecord {
	return VIEWS[format];
}
