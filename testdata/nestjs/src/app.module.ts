import { Module } from "@nestjs/common";
import { JwtModule } from "@nestjs/jwt";

import { HealthController } from "./health.controller";
import { PatientsController } from "./patients.controller";
import { VisitsController } from "./visits.controller";

@Module({
  imports: [JwtModule.register({ secret: process.env.JWT_KEY })],
  controllers: [HealthController, PatientsController, VisitsController],
})
export class AppModule {}
