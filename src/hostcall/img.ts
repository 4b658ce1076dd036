import type { Img } from "../../generated/hostcall/img.ts";
import type { GuestScope } from "./scope.ts";

export function createImg(scope: GuestScope): Img {
	return {
		async create(request, options) {
			const response = await scope.pipeline.unary({ operation: "image_generation", payload: request, options }, scope.signal);
			return response.result.payload;
		},
	};
}
