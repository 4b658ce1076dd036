import type * as emb from "../../../../generated/ir/emb.ts";
import { spearMember } from "../spear-member.ts";
import type { Encoding } from "./request.ts";

/** Body of an answer. */
export interface EmbeddingsBody {
	readonly object: "list";
	readonly data: readonly { readonly object: "embedding"; readonly index: number; readonly embedding: number[] | string }[];
	readonly model: string;
	/** Zero tokens if the upstream reports none: clients require numbers. */
	readonly usage: { readonly prompt_tokens: number; readonly total_tokens: number };
}

/** Returns the body of an answer. */
export function embeddingsBody({ model, vectors, usage, ...rest }: emb.Response, encoding: Encoding): EmbeddingsBody {
	const tokens = usage?.input_tokens ?? usage?.total_tokens ?? 0;
	return {
		object: "list",
		data: vectors.map((vector, index) => ({
			object: "embedding",
			index,
			embedding: encoding === "float" ? Array.from(vector) : base64Of(vector),
		})),
		model,
		usage: { prompt_tokens: tokens, total_tokens: usage?.total_tokens ?? tokens },
		...spearMember(rest),
	};
}

/** Returns 32-bit floats in base64, least significant byte first. */
function base64Of(vector: Float32Array): string {
	const bytes = Buffer.alloc(4 * vector.length);
	for (let place = 0; place < vector.length; place++) bytes.writeFloatLE(vector[place] ?? 0, 4 * place);
	return bytes.toString("base64");
}
