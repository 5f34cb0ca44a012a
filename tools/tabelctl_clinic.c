#include "tabelctl_clinic.h"

enum { MOSCOW, YEKATERINBURG };

const struct clinic_branch clinic_branches[CLINIC_BRANCHES] = {
	[MOSCOW] = { "Филиал на Садовой", "Europe/Moscow",
	    "Планшет на Садовой", "у входа, возле гардероба", "all" },
	[YEKATERINBURG] = { "Филиал на Уральской", "Asia/Yekaterinburg",
	    "Планшет на Уральской", "регистратура, первый этаж", "irregular" },
};

enum { CHIEF, HEAD, THERAPIST, CHILDREN, SURGEON, DENTIST, NURSE, DESK };

const struct clinic_position clinic_positions[CLINIC_POSITIONS] = {
	[CHIEF] = { "Главный врач", true, 2400 },
	[HEAD] = { "Управляющий филиалом", true, 2400 },
	[THERAPIST] = { "Врач-терапевт", false, 2340 },
	[CHILDREN] = { "Врач-педиатр", false, 2340 },
	[SURGEON] = { "Врач-хирург", false, 2340 },
	[DENTIST] = { "Врач-стоматолог", false, 1980 },
	[NURSE] = { "Медицинская сестра", false, 2340 },
	[DESK] = { "Администратор", true, 2400 },
};

#define AT(hours, minutes) ((hours) * 60 + (minutes))

const struct clinic_person clinic_people[CLINIC_PEOPLE] = {
	{ .last = "Фомина", .first = "Ирина", .middle = "Викторовна",
	    .branch = MOSCOW, .position = CHIEF, .telegram = CLINIC_ADMIN,
	    .from = AT(9, 0), .to = AT(18, 0), .lunch = true },
	{ .last = "Ковалёва", .first = "Марина", .middle = "Сергеевна",
	    .branch = MOSCOW, .position = HEAD, .telegram = CLINIC_MANAGER,
	    .from = AT(8, 30), .to = AT(17, 30), .lunch = true },
	{ .last = "Соколов", .first = "Андрей", .middle = "Николаевич",
	    .branch = MOSCOW, .position = THERAPIST, .telegram = 4,
	    .from = AT(9, 0), .to = AT(16, 48), .no_in = 6 },
	{ .last = "Белова", .first = "Анна", .middle = "Игоревна",
	    .branch = MOSCOW, .position = NURSE, .telegram = CLINIC_EMPLOYEE,
	    .from = AT(8, 0), .to = AT(16, 48), .lunch = true,
	    .not_today = true, .no_out = 4 },
	{ .last = "Мельник", .first = "Ольга", .middle = "Павловна",
	    .branch = MOSCOW, .position = CHILDREN, .telegram = 6,
	    .from = AT(8, 0), .to = AT(15, 48), .lunch = true },
	{ .last = "Григорьев", .first = "Павел", .middle = "Олегович",
	    .branch = MOSCOW, .position = SURGEON, .telegram = 7,
	    .rhythm = TWO_TWO, .from = AT(8, 0), .to = AT(20, 0), .phase = 1,
	    .lunch = true },
	{ .last = "Орлова", .first = "Светлана", .middle = "Юрьевна",
	    .branch = MOSCOW, .position = NURSE, .telegram = 8,
	    .rhythm = NIGHTS, .from = AT(20, 0), .to = AT(32, 0) },
	{ .last = "Зайцева", .first = "Дарья", .middle = "Андреевна",
	    .branch = MOSCOW, .position = DESK, .telegram = 9,
	    .rhythm = TWO_TWO, .from = AT(8, 0), .to = AT(20, 0), .phase = 3,
	    .lunch = true, .no_out = 2 },
	{ .last = "Шевченко", .first = "Игорь", .middle = "Васильевич",
	    .branch = YEKATERINBURG, .position = HEAD, .telegram = 3,
	    .from = AT(8, 30), .to = AT(17, 30), .lunch = true },
	{ .last = "Кузнецова", .first = "Елена", .middle = "Михайловна",
	    .branch = YEKATERINBURG, .position = THERAPIST, .telegram = 10,
	    .from = AT(9, 0), .to = AT(16, 48), .no_out = 1 },
	{ .last = "Лебедев", .first = "Максим", .middle = "Евгеньевич",
	    .branch = YEKATERINBURG, .position = DENTIST, .telegram = 11,
	    .from = AT(10, 0), .to = AT(16, 36), .lunch = true, .no_in = 1 },
	{ .last = "Назарова", .first = "Гульнара", .middle = "Ринатовна",
	    .branch = YEKATERINBURG, .position = NURSE, .telegram = 12,
	    .rhythm = TWO_TWO, .from = AT(8, 0), .to = AT(20, 0),
	    .lunch = true },
	{ .last = "Тихонова", .first = "Вера", .middle = "Ильинична",
	    .branch = YEKATERINBURG, .position = NURSE,
	    .rhythm = NIGHTS, .from = AT(20, 0), .to = AT(32, 0),
	    .phase = 1 },
	{ .last = "Романов", .first = "Кирилл", .middle = "Денисович",
	    .branch = YEKATERINBURG, .position = DESK, .telegram = 13,
	    .rhythm = TWO_TWO, .from = AT(8, 0), .to = AT(20, 0), .phase = 2,
	    .lunch = true },
};
