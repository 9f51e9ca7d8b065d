import { Body, Controller, Get, Post, UseGuards } from "@nestjs/common";

import { AuthGuard } from "./auth.guard";

// One method is guarded, its neighbour is not.
@Controller("visits")
export class VisitsController {
  @Get()
  list() {
    return [];
  }

  @UseGuards(AuthGuard)
  @Post()
  create(@Body() visit: any) {
    return visit;
  }
}
