-- Student records of a university: who studies what, in which term, with which grade.
-- Loaded every night from the campus system; small tables are copied to all nodes.
create schema if not exists registrar;
set search_path to registrar;

create table term (
    term_code        char(6)      not null,           -- 202410 autumn, 202420 spring, 202430 summer
    term_name        varchar(30)  not null,
    academic_year    char(9)      not null,           -- 2023-2024
    start_date       date         not null,
    end_date         date         not null,
    add_drop_date    date,
    is_current       boolean      default false,
    primary key (term_code)
) diststyle all sortkey (start_date);

create table department (
    dept_id          smallint     not null encode raw,
    dept_code        varchar(4)   not null unique,
    dept_name        varchar(80)  not null,
    faculty_name     varchar(80),
    building         varchar(40),
    office_phone     varchar(20),
    website_url      varchar(200),
    annual_budget    decimal(14,2),
    primary key (dept_id)
) diststyle all;

create table grade_scale (
    letter_grade     varchar(2)   not null primary key,
    grade_points     decimal(3,2) not null,
    min_score        decimal(5,2) not null,
    max_score        decimal(5,2) not null,
    is_passing       boolean      not null
) diststyle all;

insert into grade_scale values
    ('A',  4.00, 93.00, 100.00, true),
    ('A-', 3.70, 90.00,  92.99, true),
    ('B',  3.00, 80.00,  89.99, true),
    ('C',  2.00, 70.00,  79.99, true),
    ('D',  1.00, 60.00,  69.99, true),
    ('F',  0.00,  0.00,  59.99, false);

create table instructor (
    instructor_id    integer      not null,
    employee_no      char(8)      not null unique,
    title            varchar(12),
    first_name       varchar(40)  not null,
    last_name        varchar(60)  not null,
    email            varchar(120) not null,
    dept_id          smallint     not null references department (dept_id),
    academic_rank    varchar(30),
    hire_date        date         not null,
    annual_salary    decimal(10,2),
    is_tenured       boolean      default false,
    orcid            char(19),
    primary key (instructor_id)
) diststyle all;

create table student (
    student_id       integer      not null distkey sortkey,
    first_name       varchar(40)  not null,
    middle_initial   char(1),
    last_name        varchar(60)  not null,
    gender           char(1),
    date_of_birth    date         not null,
    email            varchar(120) not null unique,
    personal_email   varchar(120),
    mobile_phone     varchar(20),
    home_address     varchar(160),
    home_city        varchar(60),
    home_state       varchar(3),
    home_postcode    varchar(10),
    nationality      char(2),
    major_dept_id    smallint     references department (dept_id),
    class_level      varchar(10)  encode bytedict,    -- freshman, sophomore, junior, senior
    admit_term_code  char(6)      references term (term_code),
    expected_grad_year smallint,
    cumulative_gpa   decimal(3,2),
    credits_earned   decimal(5,1) default 0,
    has_scholarship  boolean      default false,
    scholarship_amt  decimal(9,2),
    created_at       timestamp    not null default getdate(),
    updated_at       timestamp,
    primary key (student_id)
);

create table course (
    course_id        integer      not null,
    subject_code     varchar(4)   not null,
    course_number    varchar(5)   not null,
    course_title     varchar(120) not null,
    course_desc      varchar(2000),
    credit_hours     decimal(3,1) not null,
    min_credits      decimal(3,1),
    max_credits      decimal(3,1),
    dept_id          smallint     not null references department (dept_id),
    prerequisite_course_id integer,
    primary key (course_id),
    unique (subject_code, course_number)
) diststyle all;

alter table course add foreign key (prerequisite_course_id) references course (course_id);

create table course_section (
    section_id       bigint       not null,
    course_id        integer      not null references course (course_id),
    term_code        char(6)      not null references term (term_code),
    section_no       char(3)      not null,
    instructor_id    integer      references instructor (instructor_id),
    room             varchar(12),
    meeting_days     varchar(5),                      -- MWF, TTh
    start_time       char(5),                         -- 09:30
    end_time         char(5),
    delivery_mode    varchar(10)  default 'in_person',
    capacity         smallint     not null,
    enrolled_count   smallint     not null default 0,
    waitlist_count   smallint     not null default 0,
    primary key (section_id)
) diststyle all sortkey (term_code);

create table enrollment (
    student_id       integer      not null references student (student_id),
    section_id       bigint       not null references course_section (section_id),
    enrolled_at      timestamp    not null,
    dropped_at       timestamp,
    is_dropped       boolean      not null default false,
    midterm_score    decimal(5,2),
    final_score      decimal(5,2),
    letter_grade     varchar(2)   references grade_scale (letter_grade),
    attendance_pct   decimal(5,2),
    tuition_amount   decimal(9,2) not null,
    primary key (student_id, section_id)
) distkey (student_id) compound sortkey (student_id, section_id);

comment on column enrollment.attendance_pct is 'Share of the classes attended, 0 to 100';
comment on column student.cumulative_gpa is 'From 0.00 to 4.00';
