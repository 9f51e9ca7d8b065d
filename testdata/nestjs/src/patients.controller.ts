import { Body, Controller, Delete, Get, Param, ParseIntPipe, Post, UseGuards } from "@nestjs/common";

import { AuthGuard } from "./auth.guard";
import { CreatePatientDto } from "./create-patient.dto";

@Controller("patients")
@UseGuards(AuthGuard)
export class PatientsController {
  @Get()
  list() {
    return [];
  }

  @Get(":id")
  find(@Param("id", ParseIntPipe) id: number) {
    return { id };
  }

  @Post()
  create(@Body() patient: CreatePatientDto) {
    return patient;
  }

  @Delete(":id")
  remove(@Param("id") id: string) {
    return { id };
  }
}
