import { IsString, MaxLength } from "class-validator";

export class CreatePatientDto {
  @IsString()
  @MaxLength(100)
  name: string;
}
