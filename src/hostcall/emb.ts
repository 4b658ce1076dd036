import type { Emb } from "../../generated/hostcall/emb.ts";
import type { GuestScope } from "./scope.ts";

export function createEmb(scope: GuestScope): Emb {
	return {
		async embed(request, options) {
			const response = await scope.pipeline.unary({ operation: "embeddings", payload: request, options }, scope.signal);
			return response.result.payload;
		},
	};
}
